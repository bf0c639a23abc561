# SPDX-License-Identifier: Apache-2.0
"""Shortcut refuses what Shortcut refuses; external links are a set; webhooks are signed."""

from __future__ import annotations

import pytest

from hook_receiver import Receiver
from vendor import Vendor, assert_honest, violation

URL = "https://tests.example.com/t/1"
STATE, PROJECT = 500000011, 101


@pytest.fixture
def shortcut(sim):
    yield Vendor(sim, "/shortcut/api/v3", {"Shortcut-Token": "shortcut-good-token"})
    assert_honest(sim)


def test_identity_and_form(shortcut):
    me = shortcut.get("/member").json
    assert me["mention_name"] == "alice" and me["workspace2"]["url_slug"] == "acme"
    states = {row["type"] for flow in shortcut.get("/workflows").json for row in flow["states"]}
    assert states == {"unstarted", "backlog", "started", "done"}
    assert [row["id"] for row in shortcut.get("/projects").json] == [101, 102]
    assert len(shortcut.get("/groups").json) == 2 and shortcut.get("/groups?archived=true").json == []
    assert shortcut.get(f"/members/{me['id']}").json["profile"]["name"] == "Alice Example"
    assert len(shortcut.get("/members").json) == 3
    shortcut.sim.control("POST", "/shortcut/settings", {"finished_word": "finished"})
    assert "finished" in str(shortcut.get("/workflows").json)


def test_reading(shortcut):
    story = shortcut.get("/stories/1").json
    assert (story["name"], story["completed"], story["external_links"]) == ("Checkout fails", False, [])
    assert story["app_url"].endswith("/shortcut/acme/story/1/checkout-fails")
    assert shortcut.get("/stories/99").status == 404 and shortcut.get("/stories/abc").status == 400
    shortcut.sim.control("PATCH", "/shortcut/issues/sc-1", {"visible": False})
    assert shortcut.get("/stories/1").status == 404


@pytest.mark.parametrize("secret, read, write", [
    ("shortcut-good-token", 200, 201), ("shortcut-expired-token", 401, 401), (None, 401, 401),
    ("shortcut-revoked-token", 401, 401), ("shortcut-wrong-scope-token", 200, 403),
])
def test_tokens(shortcut, secret, read, write):
    asker = shortcut.as_(Shortcut_Token=secret)
    assert asker.get("/member").status == read
    assert asker.post("/stories", {"name": "x", "workflow_state_id": STATE}).status == write


@pytest.mark.parametrize("body, status", [
    ({"workflow_state_id": STATE}, 400), ({"name": "", "workflow_state_id": STATE}, 400), ({"name": "x"}, 422),
    ({"name": "x", "workflow_state_id": 7}, 422), ({"name": "x", "project_id": 103}, 422),
    ({"name": "x", "project_id": 102, "workflow_state_id": STATE}, 422),
    ({"name": "x", "project_id": PROJECT, "story_type": "epic"}, 400),
    ({"name": "x", "project_id": PROJECT, "owner_ids": ["5d000000-0000-4000-8000-000000000077"]}, 422),
    ({"name": "x", "project_id": PROJECT, "nonsense": 1}, 400),
    ({"name": "x", "project_id": PROJECT, "external_links": ["ftp://x"]}, 400),
])
def test_wrong_stories_are_refused(shortcut, body, status):
    reply = shortcut.post("/stories", body)
    assert reply.status == status and reply.json["message"]


def test_creation_with_a_marker(shortcut):
    body = {"name": "New", "project_id": PROJECT, "external_id": "intent-1", "labels": [{"name": "qa"}],
            "owner_ids": ["5d000000-0000-4000-8000-000000000002"], "external_links": [URL, URL]}
    made = shortcut.post("/stories", body).json
    assert made["external_links"] == [URL] and made["workflow_state_id"] == STATE
    found = shortcut.post("/stories/search", {"external_id": "intent-1"})
    assert found.status == 201 and [row["id"] for row in found.json] == [made["id"]]
    team = shortcut.get("/groups").json[1]["id"]
    other = shortcut.post("/stories", {"name": "Team", "workflow_state_id": 500000022, "group_id": team}).json
    assert (other["project_id"], other["group_id"], other["started"]) == (None, team, True)
    many = shortcut.post("/stories/bulk", {"stories": [body, body]})
    assert many.status == 201 and len(many.json) == 2


def test_external_links_are_a_set(shortcut):
    assert shortcut.ask("PUT", "/stories/1", {"external_links": [URL]}).json["external_links"] == [URL]
    view = shortcut.sim.control("GET", "/shortcut/issues/sc-1")
    assert view["links"] == [{"url": URL}]
    found = shortcut.get(f"/external-link/stories?external_link={URL}").json
    assert [row["id"] for row in found] == [1]
    assert shortcut.get("/external-link/stories?external_link=nothing").status == 400
    before = view["rev"]
    shortcut.ask("PUT", "/stories/1", {"external_links": [URL]})
    assert shortcut.sim.control("GET", "/shortcut/issues/sc-1")["rev"] == before
    shortcut.ask("PUT", "/stories/1", {"external_links": []})
    assert shortcut.sim.control("GET", "/shortcut/issues/sc-1")["links"] == []


def test_changes_since(shortcut):
    shortcut.sim.control("POST", "/clock", {"advance_seconds": 3600})
    shortcut.sim.control("PATCH", "/shortcut/issues/sc-2", {"status": "Completed"})
    since = shortcut.get("/stories/2").json["updated_at"]
    rows = shortcut.post("/stories/search", {"updated_at_start": since}).json
    assert [row["id"] for row in rows] == [2] and rows[0]["completed"] is True
    rows = shortcut.post("/stories/search", {"workflow_state_types": ["done"]}).json
    assert {row["id"] for row in rows} == {2, 3, 4}
    assert shortcut.post("/stories/search", {"project_ids": [102]}).json[0]["id"] == 4
    assert shortcut.post("/stories/search", {"updated_at_start": "yesterday"}).status == 400


def test_search_pages(shortcut):
    assert [row["id"] for row in shortcut.get("/search/stories?query=checkout").json["data"]] == [1]
    assert shortcut.get("/search/stories?query=id:2&detail=slim").json["total"] == 1
    assert shortcut.get("/search/stories?query=type:chore%20-state:fixing").json["total"] == 1
    shortcut.sim.control("POST", "/shortcut/issues", {"project": "WEB", "count": 1100, "title": "Bulk"})
    page = shortcut.get("/search/stories?query=bulk&page_size=250").json
    seen = [row["id"] for row in page["data"]]
    while page["next"] and len(seen) < 1000:
        page = shortcut.get(page["next"].removeprefix("/api/v3")).json
        seen += [row["id"] for row in page["data"]]
    assert len(set(seen)) == 1000 and page["total"] == 1100
    beyond = shortcut.get(page["next"].removeprefix("/api/v3"))
    assert beyond.status == 400 and beyond.json["error"] == "maximum-results-exceeded"
    assert shortcut.get("/search/stories?query=x&page_size=251").status == 400
    assert shortcut.get("/search/stories").json["errors"] == {"query": "missing-required-key"}


def test_comments(shortcut):
    made = shortcut.post("/stories/1/comments", {"text": "Linked"}).json
    assert [row["text"] for row in shortcut.get("/stories/1/comments").json] == ["Linked"]
    assert shortcut.ask("DELETE", f"/stories/1/comments/{made['id']}").status == 204
    assert shortcut.get("/stories/1").json["comments"] == []


def test_a_move_keeps_the_id(shortcut):
    view = shortcut.sim.control("POST", "/shortcut/issues/sc-1/move", {"to": "OPS"})
    assert (view["id"], view["key"], view["project"], view["status"]) == ("1", "sc-1", "OPS", "Reported")
    assert shortcut.get("/stories/1").json["project_id"] == 102
    shortcut.ask("PUT", "/stories/1", {"project_id": 101, "workflow_state_id": 500000013})
    assert shortcut.sim.control("GET", "/shortcut/issues/sc-1")["project"] == "WEB"
    shortcut.sim.control("DELETE", "/shortcut/issues/sc-1")
    assert shortcut.get("/stories/1").status == 404


def test_throttling(shortcut):
    shortcut.sim.control("POST", "/shortcut/budget", {"limit": 1, "enforced": True, "remaining": 1})
    assert shortcut.get("/member").status == 200 and shortcut.get("/member").status == 429


def test_webhooks(shortcut):
    with Receiver() as receiver:
        hook = {"webhook_url": receiver.url, "secret": "s3cret"}
        made = shortcut.post("/integrations/webhook", hook)
        assert made.status == 201 and made.json["has_secret"] and "s3cret" not in str(made.json)
        assert "s3cret" not in str(shortcut.sim.journal())
        shortcut.sim.control("PATCH", "/shortcut/issues/sc-1", {"status": "Completed", "assignee": "bob"})
        got = receiver.next()
        assert got.signed_by("s3cret", "Payload-Signature", "")
        body = got.json
        assert (body["primary_id"], body["version"], len(body["id"])) == (1, "v1", 36)
        changes = body["actions"][0]["changes"]
        assert changes["workflow_state_id"] == {"new": 500000015, "old": 500000011}
        assert changes["completed"]["new"] and changes["owner_ids"]["adds"]
        shortcut.post("/stories/1/comments", {"text": "Hello"})
        assert receiver.next().json["actions"][0]["entity_type"] == "story-comment"
        shortcut.sim.control("DELETE", "/shortcut/issues/sc-1")
        assert receiver.next().json["actions"][0]["action"] == "delete"
        place = f"/integrations/webhook/{made.json['id']}"
        assert shortcut.get(place).status == 200 and len(shortcut.get("/integrations/webhook").json) == 1
        assert shortcut.ask("DELETE", place).status == 204 and shortcut.get(place).status == 404


def test_unknown_addresses_are_noted(shortcut):
    assert shortcut.get("/nothing").status == 404 and "unknown_path" in violation(shortcut.sim)
