# SPDX-License-Identifier: Apache-2.0
"""GitHub's REST: issues, deltas, moves, writing, forms."""

from __future__ import annotations

import re

import pytest

from vendor import Vendor, assert_honest, violation

AUTH = {
    "Authorization": "Bearer github-good-token",
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
NEW = {**AUTH, "X-GitHub-Api-Version": "2026-03-10"}
APP = "/repos/acme/app"


@pytest.fixture
def github(sim):
    yield Vendor(sim, "/github/api/v3", AUTH)
    assert_honest(sim)


@pytest.fixture
def cloud(sim):
    yield Vendor(sim, "/github-cloud", NEW)
    assert_honest(sim)


def bulk(sim, count, **values):
    return sim.control("POST", "/github/issues", {"project": "acme/app", "count": count, **values})["keys"]


def test_one_issue(github, cloud):
    issue = github.get(f"{APP}/issues/1").json
    assert (issue["number"], issue["state"], issue["state_reason"]) == (1, "open", None)
    assert issue["html_url"] == f"http://{github.sim.host}/github/acme/app/issues/1"
    assert issue["url"] == f"http://{github.sim.host}/github/api/v3/repos/acme/app/issues/1"
    assert issue["assignee"]["login"] == "alice" and issue["assignees"][0]["login"] == "alice"
    newer = cloud.get("/repos/ACME/APP/issues/1").json
    assert "assignee" not in newer and newer["type"]["name"] == "Bug"
    assert cloud.get(f"{APP}/issues/3").json["state_reason"] == "not_planned"
    assert cloud.get(f"{APP}/issues/2").json["issue_field_values"][0]["value"] == "High"
    pull = cloud.get(f"{APP}/issues/4").json
    assert pull["pull_request"]["merged_at"] and pull["state"] == "closed"
    assert cloud.get(f"{APP}/pulls/4").json["merged"] is True
    assert cloud.get(f"{APP}/pulls/1").status == 404
    assert cloud.get("/repos/acme/web/pulls/2").json["draft"] is True


def test_missing_ones_look_alike(github):
    github.sim.control("PATCH", "/github/issues/acme%2Fapp%231", {"visible": False})
    for path in (f"{APP}/issues/1", f"{APP}/issues/99", f"{APP}/issues/x", "/repos/acme/none/issues/1"):
        reply = github.get(path)
        assert reply.status == 404
        assert reply.json["message"] == "Not Found" and reply.json["status"] == "404"


def test_deleted_is_410(github):
    github.sim.control("DELETE", "/github/issues/acme%2Fapp%231")
    assert github.get(f"{APP}/issues/1").status == 410
    assert [row["number"] for row in github.get(f"{APP}/issues?state=all").json] == [4, 3, 2]


def test_transferred_is_301_to_the_id(github):
    before = github.get(f"{APP}/issues/1").json
    moved = github.sim.control("POST", "/github/issues/acme%2Fapp%231/move", {"to": "acme/web"})
    reply = github.get(f"{APP}/issues/1")
    assert reply.status == 301
    assert reply.json["url"] == reply.headers["Location"]
    assert re.search(r"/repositories/9002/issues/3$", reply.headers["Location"])
    after = github.follow(reply.headers["Location"]).json
    assert after["node_id"] == moved["id"] != before["node_id"]
    assert after["html_url"].endswith("/acme/web/issues/3")
    assert github.ask("PATCH", f"{APP}/issues/1", {"title": "x"}).status == 307
    github.sim.control("PATCH", "/github/projects/acme%2Fweb", {"visible": False})
    assert github.get(f"{APP}/issues/1").status == 404


def test_transferred_and_then_deleted_is_410(github):
    moved = github.sim.control("POST", "/github/issues/acme%2Fapp%231/move", {"to": "acme/web"})
    github.sim.control("DELETE", f"/github/issues/{moved['id']}")
    assert github.get(f"{APP}/issues/1").status == 410


def test_renamed_repository_redirects(github):
    github.sim.control("PATCH", "/github/projects/acme%2Fapp", {"key": "acme/shop"})
    reply = github.get(f"{APP}/issues/1")
    assert reply.status == 301 and "/repositories/9001/issues/1" in reply.headers["Location"]
    issue = github.get("/repositories/9001/issues/1").json
    assert issue["html_url"].endswith("/acme/shop/issues/1")
    assert github.ask("POST", f"{APP}/issues", {"title": "x"}).status == 307
    assert github.get("/repos/acme/shop").json["full_name"] == "acme/shop"


def test_list_pages_with_links_to_the_id(github):
    bulk(github.sim, 205)
    reply = github.get(f"{APP}/issues?state=all&sort=updated&direction=asc&per_page=100")
    links = dict((rel, url) for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers["Link"]))
    assert set(links) == {"next", "last"} and "/repositories/9001/issues?" in links["next"]
    seen = [row["number"] for row in reply.json]
    while "next" in links:
        reply = github.follow(links["next"])
        links = dict((rel, url) for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers["Link"]))
        seen += [row["number"] for row in reply.json]
    assert len(seen) == len(set(seen)) == 209
    assert github.get(f"{APP}/issues?per_page=500&state=all").json.__len__() == 100
    assert "cut to 100" in violation(github.sim)
    assert "Link" not in github.get(f"{APP}/labels").headers


def test_list_filters(github):
    numbers = lambda query: [row["number"] for row in github.get(f"{APP}/issues?{query}").json]  # noqa: E731
    assert numbers("") == [2, 1]
    assert numbers("state=closed") == [4, 3]
    assert numbers("labels=bug") == [1]
    assert (
        numbers("assignee=alice") == [1] and numbers("assignee=none") == [2] and numbers("assignee=*") == [1]
    )
    assert numbers("type=Feature") == [2]
    assert github.get(f"{APP}/issues?state=weird").status == 422
    assert github.get(f"{APP}/issues?since=yesterday").status == 422
    assert github.get(f"{APP}/issues?nonsense=1").status == 422


def test_since_gives_what_changed(github):
    github.sim.control("POST", "/clock", {"advance_seconds": 600})
    since = github.sim.control("GET", "/clock")["now"][:19] + "Z"
    assert github.get(f"{APP}/issues?state=all&since={since}").json == []
    github.sim.control("PATCH", "/github/issues/acme%2Fapp%232", {"status": "closed"})
    rows = github.get(f"{APP}/issues?state=all&since={since}&sort=updated&direction=asc").json
    assert [(row["number"], row["state"], row["state_reason"]) for row in rows] == [
        (2, "closed", "completed")
    ]


def test_conditional_requests(github):
    first = github.get(f"{APP}/issues?state=all")
    again = github.get(f"{APP}/issues?state=all", **{"If-None-Match": first.headers["ETag"]})
    assert again.status == 304 and again.raw == b"" and again.headers["ETag"] == first.headers["ETag"]
    github.sim.control("PATCH", "/github/issues/acme%2Fapp%231", {"title": "New"})
    assert github.get(f"{APP}/issues?state=all", **{"If-None-Match": first.headers["ETag"]}).status == 200
    one = github.get(f"{APP}/issues/1")
    assert github.get(f"{APP}/issues/1", **{"If-Modified-Since": one.headers["Last-Modified"]}).status == 304


def test_a_304_is_free(cloud):
    tag = cloud.get(f"{APP}/issues").headers["ETag"]
    before = int(cloud.get(f"{APP}/issues/1").headers["X-RateLimit-Used"])
    reply = cloud.get(f"{APP}/issues", **{"If-None-Match": tag})
    assert reply.status == 304 and int(reply.headers["X-RateLimit-Used"]) == before


def test_create(cloud):
    body = {
        "title": "Made",
        "body": "Text",
        "labels": ["bug", "brand new"],
        "assignees": ["bob"],
        "type": "Task",
        "issue_field_values": [{"field_id": 501, "value": "Low"}],
    }
    reply = cloud.post(f"{APP}/issues", body)
    assert reply.status == 201 and reply.headers["Location"] == reply.json["url"]
    made = cloud.get(f"{APP}/issues/{reply.json['number']}").json
    assert [row["name"] for row in made["labels"]] == ["bug", "brand new"]
    assert made["type"]["name"] == "Task" and made["assignees"][0]["login"] == "bob"
    assert "brand new" in [row["name"] for row in cloud.get(f"{APP}/labels").json]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"body": "no title"}, 422, '"title" wasn\'t supplied'),
        ({"title": " "}, 422, "Validation Failed"),
        ({"title": "x", "assignees": ["nobody"]}, 422, "Validation Failed"),
        ({"title": "x", "milestone": 7}, 422, "Validation Failed"),
        ({"title": "x", "type": "Epic"}, 422, "Epic not found"),
        ({"title": "x", "nonsense": 1}, 422, '"nonsense" is not a permitted key'),
        ([], 400, "JSON object"),
        (b"{", 400, "Problems parsing JSON"),
        ({"title": 5, "labels": 7}, 422, "Invalid request"),
    ],
)
def test_create_refuses(cloud, body, status, text):
    reply = cloud.post(f"{APP}/issues", body)
    assert reply.status == status and text in reply.json["message"]


def test_create_where_issues_are_off(cloud):
    assert cloud.post("/repos/acme/docs/issues", {"title": "x"}).status == 410


def test_without_push_access_fields_are_silently_dropped(cloud):
    reader = cloud.as_(Authorization="Bearer github-reader-good-token")
    reply = reader.post(f"{APP}/issues", {"title": "x", "labels": ["bug"], "assignees": ["bob"]})
    assert reply.status == 201 and reply.json["labels"] == [] and reply.json["assignees"] == []
    assert "dropped" in violation(cloud.sim)
    assert reader.ask("PATCH", f"{APP}/issues/1", {"title": "y"}).status == 403


def test_edit_closes_and_reopens(cloud):
    reply = cloud.ask("PATCH", f"{APP}/issues/1", {"state": "closed", "state_reason": "not_planned"})
    assert (reply.json["state"], reply.json["state_reason"]) == ("closed", "not_planned")
    assert cloud.ask("PATCH", f"{APP}/issues/1", {"state": "open"}).json["state_reason"] == "reopened"
    assert cloud.ask("PATCH", f"{APP}/issues/1", {"state": "weird"}).status == 422


def test_comments_are_not_deduplicated(cloud):
    place = f"{APP}/issues/1/comments"
    first, second = (cloud.post(place, {"body": "linked <!-- lnk_1 -->"}) for _ in range(2))
    assert first.status == second.status == 201 and first.json["id"] != second.json["id"]
    assert [row["id"] for row in cloud.get(place).json] == [first.json["id"], second.json["id"]]
    own = f"{APP}/issues/comments/{first.json['id']}"
    assert cloud.ask("PATCH", own, {"body": "changed"}).json["body"] == "changed"
    assert cloud.ask("DELETE", own).status == 204 and cloud.get(own).status == 404
    assert cloud.post(place, {"body": " "}).status == 422 and cloud.post(place, {}).status == 422


def test_forms(cloud):
    assert [row["name"] for row in cloud.get("/orgs/acme/issue-types").json] == ["Bug", "Feature", "Task"]
    assert {row["login"] for row in cloud.get(f"{APP}/assignees").json} == {"alice", "bob", "carol"}
    assert cloud.get("/orgs/alice/issue-types").status == 404
    assert cloud.get(APP).json["permissions"]["push"] is True
    assert len(cloud.get("/user/repos").json) == 3


def test_search(cloud):
    hits = lambda text: [row["number"] for row in cloud.get(f"/search/issues?q={text}").json["items"]]  # noqa: E731
    assert hits("checkout+repo:acme/app+is:issue") == [1]
    assert hits("repo:acme/app+is:pr") == [4]
    assert hits("repo:acme/app+is:open+label:bug") == [1]
    assert hits("repo:acme/app+-label:bug+is:open") == [2]
    assert sorted(hits("org:acme+is:issue")) == [1, 1, 2, 3]
    assert cloud.get("/search/issues?q=x+repo:acme/secret").status == 422
    assert cloud.get("/search/issues?q=" + "x" * 257).status == 422
    assert cloud.get("/search/issues").status == 422
    bulk(cloud.sim, 1100)
    page = cloud.get("/search/issues?q=simulated&per_page=100&page=10")
    assert (
        page.json["total_count"] == 1100
        and len(page.json["items"]) == 100
        and 'rel="next"' not in page.headers["Link"]
    )
    assert cloud.get("/search/issues?q=simulated&per_page=100&page=11").status == 422


def test_root_and_meta(cloud, github):
    assert cloud.get("/").json["current_user_url"].endswith("/github-cloud/user")
    assert cloud.get("/meta").status == 200
    assert "installed_version" in github.sim.ask("GET", "/github/api/v3/meta", None, AUTH).json
    github.sim.control("DELETE", "/journal")  # the cloud's contract does not know Enterprise Server's version
