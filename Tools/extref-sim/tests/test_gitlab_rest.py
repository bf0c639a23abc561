# SPDX-License-Identifier: Apache-2.0
"""GitLab's REST: issues, batches by iids, deltas, moves, writing, tokens, limits."""

from __future__ import annotations

import re

import pytest

from vendor import Vendor, assert_honest, violation

APP = "/projects/team%2Fapp"


@pytest.fixture
def gitlab(sim):
    yield Vendor(sim, "/gitlab/api/v4", {"PRIVATE-TOKEN": "gitlab-good-token"})
    assert_honest(sim)


def numbers(gitlab, query, path=f"{APP}/issues"):
    reply = gitlab.get(f"{path}?{query}")
    assert reply.status == 200, reply.raw
    return [row["iid"] for row in reply.json]


def test_one_issue(gitlab):
    issue = gitlab.get(f"{APP}/issues/1").json
    assert (issue["iid"], issue["state"], issue["type"], issue["moved_to_id"]) == (1, "opened", "ISSUE", None)
    assert issue["references"]["full"] == "team/app#1"
    assert issue["web_url"] == f"http://{gitlab.sim.host}/gitlab/team/app/-/issues/1"
    assert gitlab.get("/projects/501/issues/1").json == issue
    assert gitlab.get(f"{APP}/issues/3").json["state"] == "closed"
    assert gitlab.get(f"{APP}/issues/4").json["severity"] == "HIGH"
    for path, text in (("99", "404 Not found"), ("x", "issue_iid is invalid")):
        reply = gitlab.get(f"{APP}/issues/{path}")
        assert text in str(reply.json) and reply.status in (400, 404)
    assert gitlab.get("/projects/team%2Fnone/issues/1").json == {"message": "404 Project Not Found"}


def test_batch_by_iids(gitlab):
    assert sorted(numbers(gitlab, "iids=1,3,99&state=all&per_page=100")) == [1, 3]
    assert sorted(numbers(gitlab, "iids[]=1&iids[]=3&state=all")) == [1, 3]
    gitlab.sim.control("DELETE", "/gitlab/issues/team%2Fapp%231")
    assert numbers(gitlab, "iids=1,3") == [3]
    gitlab.sim.control("POST", "/gitlab/issues", {"project": "team/app", "count": 150})
    wanted = ",".join(map(str, range(1, 151)))
    assert len(numbers(gitlab, f"iids={wanted}&per_page=150")) == 100
    assert "cut to 100" in violation(gitlab.sim)
    assert gitlab.get(f"{APP}/issues?iids=1,x").status == 400


def test_pages(gitlab):
    gitlab.sim.control("POST", "/gitlab/issues", {"project": "team/app", "count": 41})
    reply = gitlab.get(f"{APP}/issues?state=all&page=2")
    shown = {
        name: reply.headers[f"X-{name}"]
        for name in ("Page", "Next-Page", "Prev-Page", "Total", "Total-Pages")
    }
    assert shown == {"Page": "2", "Next-Page": "3", "Prev-Page": "1", "Total": "45", "Total-Pages": "3"}
    assert len(reply.json) == 20
    assert gitlab.get(f"{APP}/issues?page=3").headers["X-Next-Page"] == ""
    assert gitlab.get(f"{APP}/issues?page=0").status == 400
    seen, url = (
        [],
        f"http://{gitlab.sim.host}/gitlab/api/v4{APP}/issues?pagination=keyset&per_page=20&sort=asc",
    )
    while url:
        reply = gitlab.follow(url)
        assert "X-Total" not in reply.headers
        seen += [row["iid"] for row in reply.json]
        found = re.search(r'<([^>]+)>; rel="next"', reply.headers.get("Link", ""))
        url = found[1] if found else None
    assert seen == sorted(seen) and len(seen) == 45
    assert gitlab.get(f"{APP}/issues?cursor=nonsense").status == 400


def test_totals_are_missing_on_large_sets(gitlab):
    gitlab.sim.control("POST", "/gitlab/issues", {"project": "team/app", "count": 10_001})
    reply = gitlab.get(f"{APP}/issues")
    assert "X-Total" not in reply.headers and reply.headers["X-Next-Page"] == "2"
    assert 'rel="last"' not in reply.headers["Link"]


def test_filters(gitlab):
    assert numbers(gitlab, "state=opened&sort=asc") == [1, 2, 4]
    assert numbers(gitlab, "labels=bug") == [1] and numbers(gitlab, "labels=customer,priority::high") == [2]
    assert numbers(gitlab, "issue_type=incident") == [4]
    assert numbers(gitlab, "assignee_username[]=bob") == [4] and numbers(gitlab, "assignee_id=11") == [1]
    assert numbers(gitlab, "search=checkout&in=title") == [1]
    assert gitlab.get(f"{APP}/issues?state=open").json == {"error": "state does not have a valid value"}
    assert gitlab.get(f"{APP}/issues?nonsense=1").status == 400


def test_the_global_list_has_a_scope(gitlab):
    bob = gitlab.sim.sim.providers["gitlab"]
    bob.make_issue("team/app", "By Bob", reporter="bob")
    assert 5 not in numbers(gitlab, "search=bob", "/issues")
    assert numbers(gitlab, "search=bob&scope=all", "/issues") == [5]
    assert numbers(gitlab, "scope=assigned_to_me", "/issues") == [1]


def test_updated_after(gitlab):
    gitlab.sim.control("POST", "/clock", {"advance_seconds": 600})
    since = gitlab.sim.control("GET", "/clock")["now"][:19] + "Z"
    query = f"updated_after={since}&order_by=updated_at&sort=asc&state=all"
    assert numbers(gitlab, query) == []
    gitlab.sim.control("PATCH", "/gitlab/issues/team%2Fapp%232", {"status": "closed"})
    assert numbers(gitlab, query) == [2]
    assert gitlab.get(f"{APP}/issues?updated_after=yesterday").json == {"error": "updated_after is invalid"}


def test_a_moved_issue_is_closed_and_points_to_the_new_one(gitlab):
    moved = gitlab.sim.control("POST", "/gitlab/issues/team%2Fapp%231/move", {"to": "team/web"})
    old = gitlab.get(f"{APP}/issues/1").json
    assert (old["state"], old["moved_to_id"]) == ("closed", int(moved["id"]))
    new = gitlab.get("/projects/502/issues/2").json
    assert (new["id"], new["state"], new["title"]) == (int(moved["id"]), "opened", "Checkout fails")
    assert gitlab.get(f"/issues/{moved['id']}").status == 403


def test_a_renamed_project_redirects_reads(gitlab):
    gitlab.sim.control("PATCH", "/gitlab/projects/team%2Fapp", {"key": "team/shop"})
    reply = gitlab.get(f"{APP}/issues/1")
    assert reply.status == 302 and reply.headers["Location"].endswith("/gitlab/api/v4/projects/501/issues/1")
    assert gitlab.follow(reply.headers["Location"]).json["references"]["full"] == "team/shop#1"
    assert gitlab.post(f"{APP}/issues", {"title": "x"}).status == 405
    assert gitlab.get("/projects/team%2Fshop").json["path_with_namespace"] == "team/shop"


def test_create(gitlab):
    body = {"title": "Made", "labels": "bug, new one", "assignee_ids": [12, 777], "issue_type": "incident"}
    reply = gitlab.post(f"{APP}/issues", body)
    assert reply.status == 201 and reply.json["labels"] == ["bug", "new one"]
    assert [row["username"] for row in reply.json["assignees"]] == ["bob"]
    assert "silently dropped" in violation(gitlab.sim)
    assert "new one" in [row["name"] for row in gitlab.get(f"{APP}/labels").json]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({}, {"error": "title is missing"}),
        ({"title": " "}, {"message": {"title": ["can't be blank"]}}),
        ({"title": "x" * 256}, {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
        ({"title": "x", "issue_type": "epic"}, {"error": "issue_type does not have a valid value"}),
        ({"title": 5}, {"error": "title is invalid"}),
        ({"title": "x", "labels": ["a"]}, {"error": "labels is invalid"}),
        ({"title": "x", "nonsense": 1}, {"error": "nonsense is not allowed"}),
    ],
)
def test_create_refuses(gitlab, body, answer):
    reply = gitlab.post(f"{APP}/issues", body)
    assert reply.status == 400 and reply.json == answer


def test_edit(gitlab):
    place = f"{APP}/issues/1"
    assert gitlab.ask("PUT", place, {"state_event": "close", "add_labels": "x"}).json["labels"] == [
        "bug",
        "x",
    ]
    assert gitlab.get(place).json["closed_at"]
    assert gitlab.ask("PUT", place, {"state_event": "reopen"}).json["closed_at"] is None
    assert gitlab.ask("PUT", place, {}).status == 400
    assert gitlab.ask("DELETE", place).status == 405


def test_notes_are_not_deduplicated(gitlab):
    place = f"{APP}/issues/1/notes"
    first, second = (gitlab.post(place, {"body": "linked <!-- lnk_1 -->"}) for _ in range(2))
    assert first.status == 201 and first.json["id"] != second.json["id"]
    assert [row["id"] for row in gitlab.get(f"{place}?sort=asc").json] == [
        first.json["id"],
        second.json["id"],
    ]
    own = f"{place}/{first.json['id']}"
    assert gitlab.ask("PUT", own, {"body": "changed"}).json["body"] == "changed"
    assert gitlab.ask("DELETE", own).status == 204 and gitlab.get(own).status == 404
    assert gitlab.post(place, {"body": ""}).status == 400 and gitlab.post(place, {}).status == 400


def test_forms_and_search(gitlab):
    assert [row["username"] for row in gitlab.get(f"{APP}/members/all").json] == ["alice", "bob", "carol"]
    assert gitlab.get(f"{APP}/milestones").json == []
    assert {row["path_with_namespace"] for row in gitlab.get("/projects").json} == {
        "team/app",
        "team/web",
        "team/sub/api",
    }
    assert numbers(gitlab, "scope=issues&search=checkout", f"{APP}/search") == [1]
    assert numbers(gitlab, "scope=issues&search=answer", "/search") == [1]
    assert gitlab.get("/search?search=x").json == {"error": "scope is missing"}


# -- Tokens ----------------------------------------------------------------------------------------------


def test_self_description(gitlab):
    made = gitlab.get("/personal_access_tokens/self").json
    assert made["scopes"] == ["api"] and made["active"] and re.match(r"\d{4}-\d\d-\d\d$", made["expires_at"])
    assert gitlab.get("/user").json["username"] == "alice"
    assert gitlab.get("/version").json["version"] == gitlab.get("/metadata").json["version"]


@pytest.mark.parametrize(
    ("token", "status", "error"),
    [
        ("gitlab-expired-token", 401, "Token is expired"),
        ("gitlab-revoked-token", 401, "Token was revoked"),
        ("unheard-of", 401, "401 Unauthorized"),
        ("gitlab-wrong-scope-token", 403, "insufficient_scope"),
    ],
)
def test_bad_tokens(gitlab, token, status, error):
    for headers in ({"PRIVATE_TOKEN": token}, {"PRIVATE_TOKEN": None, "Authorization": f"Bearer {token}"}):
        reply = gitlab.as_(**headers).get(f"{APP}/issues/1")
        assert reply.status == status and error in str(reply.json)
    if status == 403:
        assert reply.json["scope"] == "api read_api"
        assert gitlab.as_(PRIVATE_TOKEN=token).get("/user").status == 200


def test_read_only_tokens_cannot_write(gitlab):
    reader = gitlab.as_(PRIVATE_TOKEN="gitlab-read-good-token")
    assert reader.get(f"{APP}/issues/1").status == 200
    reply = reader.post(f"{APP}/issues", {"title": "x"})
    assert reply.status == 403 and reply.json["scope"] == "api"


def test_project_tokens_and_anonymous(gitlab):
    bot = gitlab.as_(PRIVATE_TOKEN="gitlab-project-good-token")
    assert bot.get(f"{APP}/issues/1").status == 200 and bot.get("/projects/503/issues/1").status == 404
    assert bot.get("/user").json["bot"] is True
    nobody = gitlab.as_(PRIVATE_TOKEN=None)
    assert nobody.get("/projects/502/issues/1").status == 200 and nobody.get(f"{APP}/issues/1").status == 404
    assert (
        nobody.get("/user").status == 401
        and nobody.post("/projects/502/issues", {"title": "x"}).status == 401
    )


def test_confidential_ones_are_hidden_from_anonymous(gitlab):
    made = gitlab.post("/projects/502/issues", {"title": "x", "confidential": True}).json
    nobody = gitlab.as_(PRIVATE_TOKEN=None)
    assert nobody.get(f"/projects/502/issues/{made['iid']}").status == 404
    assert made["iid"] not in [row["iid"] for row in nobody.get("/projects/502/issues").json]


def test_oauth_refresh_rotates(gitlab):
    ask = {"grant_type": "refresh_token", "client_id": "sim-client", "client_secret": "sim-client-secret"}
    token = lambda secret: gitlab.sim.ask(  # noqa: E731
        "POST", "/gitlab/oauth/token", form={**ask, "refresh_token": secret}
    )
    first = token("gitlab-refresh-good")
    assert first.status == 200 and first.json["expires_in"] == 7200 and first.json["scope"] == "api"
    again = token("gitlab-refresh-good")
    assert again.status == 400 and again.json["error"] == "invalid_grant"
    bearer = gitlab.as_(PRIVATE_TOKEN=None, Authorization=f"Bearer {first.json['access_token']}")
    assert bearer.get(f"{APP}/issues/1").status == 200
    assert gitlab.as_(PRIVATE_TOKEN=first.json["access_token"]).get("/user").status == 401
    assert (
        gitlab.sim.ask("GET", "/gitlab/oauth/token/info", None, bearer.headers | {"PRIVATE-TOKEN": ""}).status
        == 401
    )
    info = gitlab.sim.ask(
        "GET", "/gitlab/oauth/token/info", None, {"Authorization": bearer.headers["Authorization"]}
    )
    assert info.json["scope"] == ["api"]
    assert token(first.json["refresh_token"]).status == 200
    gitlab.sim.control("POST", "/clock", {"advance_seconds": 7201})
    assert bearer.get("/user").json["error"] == "invalid_token"
    assert all("gitlab-refresh" not in str(entry) for entry in gitlab.sim.journal())


# -- Limits ----------------------------------------------------------------------------------------------


def test_limits_show_only_when_exceeded(gitlab):
    assert "RateLimit-Limit" not in gitlab.get("/user").headers
    gitlab.sim.control("POST", "/gitlab/budget", {"limit": 1, "enforced": True})
    gitlab.get("/user")
    reply = gitlab.get("/user")
    assert reply.status == 429 and reply.raw == b"Retry later\n"
    assert int(reply.headers["Retry-After"]) <= 60 and reply.headers["RateLimit-Remaining"] == "0"
    gitlab.sim.control("POST", "/gitlab/settings", {"limit_style": "json"})
    reply = gitlab.get("/user")
    assert "too many times" in reply.json["message"]["error"] and "Retry-After" not in reply.headers


def test_etag(gitlab):
    tag = gitlab.get(f"{APP}/issues/1").headers["ETag"]
    assert gitlab.get(f"{APP}/issues/1", **{"If-None-Match": tag}).status == 304
