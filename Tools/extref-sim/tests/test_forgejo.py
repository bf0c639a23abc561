# SPDX-License-Identifier: Apache-2.0
"""Forgejo refuses what Forgejo refuses, and answers what its document promises."""

from __future__ import annotations

import re

import pytest

from conftest import basic
from hook_receiver import Receiver
from vendor import Vendor, assert_honest, violation

APP = "/repos/acme/app"
KEY = "/forgejo/issues/acme%2Fapp%231"


@pytest.fixture
def forgejo(sim):
    yield Vendor(sim, "/forgejo/api/v1", {"Authorization": "token forgejo-good-token"})
    assert_honest(sim)


def numbers(forgejo, query="", path=f"{APP}/issues"):
    reply = forgejo.get(f"{path}?{query}")
    assert reply.status == 200, reply.raw
    return [row["number"] for row in reply.json]


def test_one_issue(forgejo):
    issue = forgejo.get(f"{APP}/issues/1").json
    assert (issue["number"], issue["state"], issue["labels"][0]["name"]) == (1, "open", "bug")
    assert issue["assignees"][0]["login"] == issue["assignee"]["login"] == "alice"
    assert issue["updated_at"].endswith("+01:00")
    assert issue["html_url"] == f"http://{forgejo.sim.host}/forgejo/acme/app/issues/1"
    assert forgejo.get(f"{APP}/issues/2").json["assignees"] is None
    assert forgejo.get(f"{APP}/issues/4").json["pull_request"]["merged"] is True
    assert forgejo.get(f"{APP}/pulls/4").json["merged"] and forgejo.get(f"{APP}/pulls/1").status == 404
    forgejo.sim.control("DELETE", KEY)
    for path in (f"{APP}/issues/1", f"{APP}/issues/99", "/repos/acme/none/issues/1"):
        reply = forgejo.get(path)
        assert reply.status == 404 and set(reply.json) == {"message", "url", "errors"}


def test_delta_and_pages(forgejo):
    forgejo.sim.control("POST", "/forgejo/issues", {"project": "acme/app", "count": 120})
    reply = forgejo.get(f"{APP}/issues?state=all&type=issues&sort=oldest&limit=500")
    assert len(reply.json) == 50 and "cut to 50" in violation(forgejo.sim)
    assert reply.headers["X-Total-Count"] == "123"
    seen, url = [], re.search(r'<([^>]+)>; rel="next"', reply.headers["Link"])
    seen = [row["number"] for row in reply.json]
    while url:
        reply = forgejo.follow(url[1])
        seen += [row["number"] for row in reply.json]
        url = re.search(r'<([^>]+)>; rel="next"', reply.headers.get("Link", ""))
    assert len(set(seen)) == 123 and 4 not in seen
    forgejo.sim.control("POST", "/clock", {"advance_seconds": 60})
    since = forgejo.sim.control("GET", "/clock")["now"][:19] + "Z"
    assert numbers(forgejo, f"state=all&since={since}") == []
    forgejo.sim.control("PATCH", KEY, {"status": "closed"})
    assert numbers(forgejo, f"state=all&since={since}") == [1]
    assert forgejo.get(f"{APP}/issues?since=yesterday").status == 422
    assert forgejo.get(f"{APP}/issues?state=weird").status == 422


def test_search_over_repositories(forgejo):
    assert sorted(numbers(forgejo, "q=checkout&state=all", "/repos/issues/search")) == [1, 4]
    assert numbers(forgejo, "q=slow", "/repos/issues/search") == [1]
    assert numbers(forgejo, "assigned=true", "/repos/issues/search") == [1]
    assert len(forgejo.get("/repos/search?q=acme").json["data"]) == 3
    nobody = forgejo.as_(Authorization=None)
    assert len(nobody.get("/repos/search").json["data"]) == 2 and nobody.get(f"{APP}/issues/1").status == 404
    assert nobody.get("/repos/acme/web/issues/1").status == 200


def test_create_with_label_ids(forgejo):
    label = forgejo.get(f"{APP}/labels").json[0]
    body = {"title": "Made", "body": "Text", "labels": [label["id"]], "assignees": ["bob"]}
    reply = forgejo.post(f"{APP}/issues", body)
    assert reply.status == 201 and reply.json["labels"][0]["name"] == label["name"]
    reader = forgejo.as_(Authorization="token forgejo-carol-good-token")
    reply = reader.post(f"{APP}/issues", body)
    assert reply.status == 201 and reply.json["labels"] == [] and reply.json["assignees"] is None
    assert "silently dropped" in violation(forgejo.sim)
    assert reader.ask("PATCH", f"{APP}/issues/1", {"title": "x"}).status == 403


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 422, "[Title]: Required"),
        ({"title": " "}, 422, "[Title]: Required"),
        ({"title": "x", "labels": ["bug"]}, 422, "labels"),
        ({"title": "x", "labels": [99999]}, 422, "label does not exist"),
        ({"title": "x", "assignees": ["nobody"]}, 422, "Assignee does not exist"),
        ({"title": "x", "milestone": 7}, 422, "milestone"),
        ({"title": "x", "nonsense": 1}, 422, "nonsense"),
    ],
)
def test_create_refuses(forgejo, body, status, text):
    reply = forgejo.post(f"{APP}/issues", body)
    assert reply.status == status and text in reply.json["message"]


def test_archived_repositories(forgejo):
    assert forgejo.post("/repos/acme/old/issues", {"title": "x"}).status == 423


def test_edit_answers_201(forgejo):
    reply = forgejo.ask("PATCH", f"{APP}/issues/1", {"state": "closed"})
    assert reply.status == 201 and reply.json["closed_at"]
    assert forgejo.ask("PATCH", f"{APP}/issues/1", {"state": "weird"}).status == 412


def test_comments(forgejo):
    place = f"{APP}/issues/1/comments"
    first, second = (forgejo.post(place, {"body": "linked <!-- lnk_1 -->"}).json["id"] for _ in range(2))
    assert [row["id"] for row in forgejo.get(place).json] == [first, second]
    own = f"{APP}/issues/comments/{first}"
    assert forgejo.ask("PATCH", own, {"body": "changed"}).json["body"] == "changed"
    assert forgejo.ask("DELETE", own).status == 204 and forgejo.get(own).status == 404
    assert forgejo.post(place, {"body": " "}).status == 422


def test_access(forgejo):
    assert forgejo.get("/user").json["login"] == "alice"
    assert forgejo.get("/version").json["version"].startswith("16.")
    assert forgejo.get("/settings/api").json["max_response_items"] == 50
    assert forgejo.as_(Authorization=None).get("/user").json["message"] == "token is required"
    for secret in ("forgejo-expired-token", "forgejo-revoked-token", "nothing"):
        assert forgejo.as_(Authorization=f"token {secret}").get("/user").status == 401
    reply = forgejo.as_(Authorization="token forgejo-wrong-scope-token").get(f"{APP}/issues/1")
    assert reply.status == 403 and "[read:issue]" in reply.json["message"]
    reader = forgejo.as_(Authorization="token forgejo-read-good-token")
    assert reader.get(f"{APP}/issues/1").status == 200
    assert reader.post(f"{APP}/issues", {"title": "x"}).status == 403
    assert forgejo.as_(**basic("alice", "forgejo-good-password")).get("/user").status == 200
    assert forgejo.as_(**basic("bob", "forgejo-good-password")).get("/user").status == 401


def test_a_renamed_repository_redirects(forgejo):
    forgejo.sim.control("PATCH", "/forgejo/projects/acme%2Fapp", {"key": "acme/shop"})
    reply = forgejo.get(f"{APP}/issues/1")
    assert reply.status == 307 and reply.headers["Location"].endswith("/api/v1/repos/acme/shop/issues/1")
    assert forgejo.follow(reply.headers["Location"]).json["repository"]["full_name"] == "acme/shop"


def test_webhooks(forgejo):
    with Receiver() as receiver:
        body = {
            "type": "forgejo",
            "active": True,
            "events": ["issues", "issue_label"],
            "authorization_header": "Bearer x",
            "config": {"url": receiver.url, "content_type": "json", "secret": "key"},
        }
        made = forgejo.post(f"{APP}/hooks", body)
        assert made.status == 201 and "key" not in str(made.json["config"])
        forgejo.sim.control("PATCH", "/forgejo/issues/acme%2Fweb%231", {"title": "Other repository"})
        forgejo.sim.control("PATCH", KEY, {"assignee": "bob"})
        forgejo.sim.control("PATCH", KEY, {"status": "closed", "labels": []})
        first, second = receiver.next(), receiver.next()
        assert first.signed_by("key", "X-Forgejo-Signature", "") and first.signed_by(
            "key", "X-Gitea-Signature", ""
        )
        assert first.headers["Authorization"] == "Bearer x" and first.headers["X-Gitea-Event"] == "issues"
        assert {first.json["action"], second.json["action"]} == {"closed", "label_cleared"}
        assert first.json["repository"]["full_name"] == "acme/app" and first.json["number"] == 1
        assert receiver.none_left()
        place = f"{APP}/hooks/{made.json['id']}"
        assert forgejo.ask("PATCH", place, {"active": False}).json["active"] is False
        assert len(forgejo.get(f"{APP}/hooks").json) == 1 and forgejo.get(place).status == 200
        assert forgejo.ask("DELETE", place).status == 204 and forgejo.get(place).status == 404
        assert forgejo.post(f"{APP}/hooks", body | {"type": "fax"}).status == 422
        assert (
            forgejo.post(f"{APP}/hooks", body | {"config": {"url": "x", "content_type": "json"}}).status
            == 422
        )


def test_forms(forgejo):
    assert {row["login"] for row in forgejo.get(f"{APP}/assignees").json} == {"alice", "bob", "carol"}
    assert forgejo.get(f"{APP}/issue_config").json["blank_issues_enabled"] is True
    assert forgejo.get(APP).json["permissions"]["push"] is True


def test_moves_are_made_by_hand(forgejo):
    moved = forgejo.sim.control("POST", f"{KEY}/move", {"to": "acme/web"})
    assert moved["key"] == "acme/web#2" and forgejo.get(f"{APP}/issues/1").json["state"] == "closed"
