# SPDX-License-Identifier: Apache-2.0
"""The control endpoint, seen on Jira: what it changes is what the vendor's API shows."""

from __future__ import annotations

from conftest import basic

GOOD = basic("alice@example.net", "jira-good-token")


def issue(sim, key):
    return sim.ask("GET", f"/jira/rest/api/3/issue/{key}", headers=GOOD)


def test_creates_one_and_many(sim):
    one = sim.control(
        "POST", "/jira/issues", {"project": "OPS", "title": "Neu", "assignee": "bob", "labels": ["a"]}
    )
    shown = issue(sim, one["keys"][0]).json
    assert (shown["fields"]["summary"], shown["fields"]["labels"]) == ("Neu", ["a"])
    many = sim.control("POST", "/jira/issues", {"project": "TES", "count": 1500, "labels": ["bulk"]})
    assert (len(many["keys"]), len(set(many["ids"]))) == (1500, 1500)
    assert issue(sim, many["keys"][-1]).json["id"] == many["ids"][-1]


def test_edits_hides_and_deletes(sim):
    sim.control("PATCH", "/jira/issues/TES-1", {"status": "Done", "assignee": None, "title": "Anders"})
    fields = issue(sim, "TES-1").json["fields"]
    assert (fields["status"]["statusCategory"]["key"], fields["assignee"], fields["summary"]) == (
        "done",
        None,
        "Anders",
    )
    assert fields["resolution"]["name"] == "Done"
    sim.control("PATCH", "/jira/issues/TES-1", {"visible": False})
    assert issue(sim, "TES-1").status == 404
    sim.control("PATCH", "/jira/issues/TES-1", {"visible": True})
    assert issue(sim, "TES-1").status == 200
    sim.control("DELETE", "/jira/issues/TES-1")
    assert issue(sim, "TES-1").status == 404


def test_moves_with_a_new_key_that_the_old_one_finds(sim):
    before = issue(sim, "TES-1").json["id"]
    moved = sim.control("POST", "/jira/issues/TES-1/move", {"to": "OPS"})
    shown = issue(sim, "TES-1").json
    assert (shown["id"], shown["key"]) == (before, moved["key"])
    assert moved["key"].startswith("OPS-")
    assert moved["previous_keys"] == ["TES-1"]


def test_says_what_is_wrong(sim):
    for method, path, body, word in [
        ("PATCH", "/jira/issues/TES-1", {"status": "Nope"}, "no status"),
        ("PATCH", "/jira/issues/TES-1", {"colour": "red"}, "cannot edit"),
        ("PATCH", "/jira/issues/TES-99", {}, "no issue"),
        ("POST", "/jira/issues", {"project": "NOPE"}, "no project"),
        ("POST", "/jirra/issues", {}, "no provider"),
        ("POST", "/jira/settings", {"nope": 1}, "no setting"),
        ("POST", "/jira/issues", b"[]", "JSON object"),
    ]:
        reply = sim.ask(method, "/_sim" + path, body)
        assert reply.status == 400, path
        assert word in reply.json["error"]
    assert "requests" in sim.ask("GET", "/_sim/nothing").json


def test_reset_brings_everything_back(sim):
    sim.control("DELETE", "/jira/issues/TES-1")
    sim.control("POST", "/jira/settings", {"issue_linking": False})
    sim.control("POST", "/faults", {"kind": "status"})
    sim.control("POST", "/clock", {"advance_seconds": 60})
    sim.control("POST", "/reset", {"seed": 5})
    assert issue(sim, "TES-1").status == 200
    assert sim.control("GET", "/jira/settings")["issue_linking"] is True
    assert sim.control("GET", "/clock")["offset_seconds"] == 0
    assert sim.control("GET", "/faults")["faults"] == []


def test_credentials_change_state_and_appear(sim):
    assert issue(sim, "TES-1").status == 200
    sim.control("POST", "/jira/credentials", {"secret": "jira-good-token", "state": "revoked"})
    assert issue(sim, "TES-1").status == 401
    sim.control("POST", "/jira/credentials", {"secret": "fresh-token", "kind": "api_token", "user": "bob"})
    fresh = basic("bob@example.net", "fresh-token")
    assert sim.ask("GET", "/jira/rest/api/3/myself", headers=fresh).json["displayName"] == "Bob Example"


def test_a_budget_may_be_enforced(sim):
    sim.control("POST", "/jira/budget", {"limit": 10, "remaining": 1, "enforced": True})
    assert issue(sim, "TES-1").headers["X-RateLimit-Remaining"] == "0"
    refused = issue(sim, "TES-1")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) >= 1
    sim.control("POST", "/clock", {"advance_seconds": 61})
    assert issue(sim, "TES-1").status == 200
