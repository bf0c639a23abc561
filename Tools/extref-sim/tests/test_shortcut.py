# SPDX-License-Identifier: Apache-2.0
"""Shortcut refuses what Shortcut refuses, and answers what its document promises."""

from __future__ import annotations

import pytest

from hook_receiver import Receiver
from vendor import Vendor, assert_honest

STATE = {"Backlog": 500000006, "Ready": 500000007, "Started": 500000008, "Done": 500000009}
URL = "https://tests.example/1"


@pytest.fixture
def shortcut(sim):
    yield Vendor(sim, "/shortcut/api/v3", {"Shortcut-Token": "shortcut-good-token"})
    assert_honest(sim)


def found(shortcut, **ask):
    reply = shortcut.post("/stories/search", ask)
    assert reply.status == 201, reply.raw
    return [row["id"] for row in reply.json]


def test_one_story(shortcut):
    story = shortcut.get("/stories/11").json
    assert (story["name"], story["story_type"], story["workflow_state_id"]) == (
        "Checkout fails",
        "bug",
        STATE["Backlog"],
    )
    assert story["labels"][0]["name"] == "regression" and not story["completed"]
    owner = shortcut.get(f"/members/{story['owner_ids'][0]}").json
    assert owner["profile"]["name"] == "Alice Example"
    assert story["app_url"] == f"http://{shortcut.sim.host}/shortcut/acme/story/11"
    assert shortcut.get("/stories/13").json["completed"] is True
    assert (
        shortcut.get("/stories/14").json["archived"] is True
        and shortcut.get("/stories/14").json["project_id"] is None
    )
    shortcut.sim.control("DELETE", "/shortcut/issues/11")
    assert [shortcut.get(f"/stories/{id}").status for id in ("11", "99", "x")] == [404, 404, 400]


def test_delta_and_filters(shortcut):
    assert found(shortcut, archived=False) == [11, 12, 13]
    assert found(shortcut, workflow_state_types=["done"]) == [13]
    assert found(shortcut, project_ids=[31], story_type="bug") == [11]
    shortcut.sim.control("POST", "/clock", {"advance_seconds": 60})
    since = shortcut.sim.control("GET", "/clock")["now"][:19] + "Z"
    assert found(shortcut, updated_at_start=since) == []
    shortcut.sim.control("PATCH", "/shortcut/issues/12", {"status": "Completed"})
    assert found(shortcut, updated_at_start=since) == [12]
    assert shortcut.post("/stories/search", {}).status == 400
    assert shortcut.post("/stories/search", {"nonsense": 1}).json["errors"]
    assert shortcut.post("/stories/search", {"updated_at_start": "yesterday"}).status == 400


def test_search(shortcut):
    ids = lambda query: [row["id"] for row in shortcut.get(f"/search/stories?query={query}").json["data"]]  # noqa: E731
    assert ids("checkout") == [11] and ids("is:done") == [13] and ids("state:%22in%20development%22") == [12]
    assert ids("id:sc-12") == [12] and ids("type:bug%20-slow") == [11]
    shortcut.sim.control("POST", "/shortcut/issues", {"project": "Shop", "count": 30})
    first = shortcut.get("/search/stories?query=simulated&page_size=20").json
    assert first["total"] == 30 and len(first["data"]) == 20
    rest = shortcut.sim.ask("GET", "/shortcut" + first["next"], None, shortcut.headers).json
    assert len(rest["data"]) == 10 and rest["next"] is None
    assert shortcut.get("/search/stories?query=x&page_size=251").status == 422
    assert shortcut.get("/search/stories").status == 422
    shortcut.sim.control("POST", "/shortcut/settings", {"search_results_max": 10})
    assert shortcut.get("/search/stories?query=simulated").json["error"] == "maximum-results-exceeded"


def test_create(shortcut):
    body = {
        "name": "Made",
        "workflow_state_id": STATE["Started"],
        "story_type": "chore",
        "labels": [{"name": "new"}],
        "owner_ids": [shortcut.get("/member").json["id"]],
        "external_links": [URL, URL],
    }
    reply = shortcut.post("/stories", body)
    assert reply.status == 201 and reply.json["external_links"] == [URL] and reply.json["started"]
    assert shortcut.post("/stories", {"name": "x", "project_id": 31}).json["project_id"] == 31
    assert len(shortcut.post("/stories/bulk", {"stories": [{"name": "x", "project_id": 31}] * 2}).json) == 2
    before = shortcut.sim.control("GET", "/shortcut/issues")["total"]
    assert (
        shortcut.post("/stories/bulk", {"stories": [{"name": "x", "project_id": 31}, {"name": "y"}]}).status
        == 400
    )
    assert shortcut.sim.control("GET", "/shortcut/issues")["total"] == before


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": " "},
        {"name": None},
        {"workflow_state_id": 7},
        {"workflow_state_id": None},
        {"project_id": 99},
        {"owner_ids": ["nobody"]},
        {"story_type": "epic"},
        {"external_links": ["no url"]},
        {"labels": ["bug"]},
        {"nonsense": 1},
    ],
)
def test_create_refuses(shortcut, change):
    body = {"name": "x", "workflow_state_id": STATE["Ready"]} | change
    reply = shortcut.post("/stories", {name: value for name, value in body.items() if value is not None})
    assert reply.status == 400 and reply.json["errors"]


def test_external_links_find_our_stories(shortcut):
    assert shortcut.ask("PUT", "/stories/11", {"external_links": [URL]}).json["external_links"] == [URL]
    rows = shortcut.get(f"/external-link/stories?external_link={URL}").json
    assert [row["id"] for row in rows] == [11]
    assert shortcut.ask("PUT", "/stories/11", {"external_links": []}).json["external_links"] == []
    assert shortcut.get(f"/external-link/stories?external_link={URL}").json == []
    assert shortcut.get("/external-link/stories").status == 400


def test_comments(shortcut):
    made = shortcut.post("/stories/11/comments", {"text": "Hello"})
    assert made.status == 201 and shortcut.get("/stories/11").json["comments"][0]["text"] == "Hello"
    own = f"/stories/11/comments/{made.json['id']}"
    assert shortcut.ask("PUT", own, {"text": "changed"}).json["text"] == "changed"
    assert shortcut.ask("DELETE", own).status == 204 and shortcut.get("/stories/11/comments").json == []
    assert shortcut.post("/stories/11/comments", {"text": " "}).status == 400


def test_tokens_and_forms(shortcut):
    assert shortcut.get("/member").json["workspace2"]["url_slug"] == "acme"
    for token in ("shortcut-expired-token", "shortcut-revoked-token", "nothing", None):
        assert shortcut.as_(Shortcut_Token=token).get("/member").status == 401
    observer = shortcut.as_(Shortcut_Token="shortcut-wrong-scope-token")
    assert observer.get("/stories/11").status == 200
    assert observer.post("/stories", {"name": "x", "project_id": 31}).status == 403
    states = shortcut.get("/workflows").json[0]["states"]
    assert [row["type"] for row in states] == ["backlog", "unstarted", "started", "done"]
    shortcut.sim.control("POST", "/shortcut/settings", {"done_word": "finished"})
    assert shortcut.get("/workflows").json[0]["states"][-1]["type"] == "finished"
    assert [row["name"] for row in shortcut.get("/projects").json] == ["Shop", "Operations"]
    assert shortcut.get("/groups").json[0]["mention_name"] == "engineering"
    assert len(shortcut.get("/members").json) == 2 and shortcut.get("/labels").json[0]["name"] == "regression"


def test_limit(shortcut):
    shortcut.sim.control("POST", "/shortcut/budget", {"limit": 1, "enforced": True})
    assert [shortcut.get("/member").status for _ in range(2)] == [200, 429]


def test_moves_keep_the_number(shortcut):
    shortcut.sim.control("POST", "/shortcut/issues/11/move", {"to": "Ops"})
    assert shortcut.get("/stories/11").json["project_id"] == 32
    assert shortcut.ask("PUT", "/stories/11", {"project_id": 31}).json["project_id"] == 31


def test_webhooks(shortcut):
    with Receiver() as receiver:
        shortcut.sim.control("POST", "/shortcut/webhooks", {"url": receiver.url, "secret": "key"})
        shortcut.ask("PUT", "/stories/11", {"workflow_state_id": STATE["Done"]})
        got = receiver.next()
        assert got.signed_by("key", "Payload-Signature", "")
        body = got.json
        assert body["primary_id"] == 11 and body["id"]
        assert body["actions"][0]["changes"]["workflow_state_id"] == {
            "new": STATE["Done"],
            "old": STATE["Backlog"],
        }
        assert {row["type"] for row in body["references"]} == {"done", "backlog"}
        shortcut.sim.control("DELETE", "/shortcut/issues/11")
        assert receiver.next().json["actions"][0]["action"] == "delete"


def test_webhooks_made_by_the_api(shortcut):
    with Receiver() as receiver:
        made = shortcut.post("/integrations/webhook", {"webhook_url": receiver.url, "secret": "key"})
        assert made.status == 201 and "key" not in str(made.json)
        shortcut.sim.control("PATCH", "/shortcut/issues/11", {"title": "New"})
        assert receiver.next().signed_by("key", "Payload-Signature", "")
    place = f"/integrations/webhook/{made.json['id']}"
    assert shortcut.get(place).status == 200 and len(shortcut.get("/integrations/webhook").json) == 1
    assert shortcut.ask("DELETE", place).status == 204 and shortcut.get(place).status == 404
    assert shortcut.post("/integrations/webhook", {"webhook_url": "x"}).status == 400
