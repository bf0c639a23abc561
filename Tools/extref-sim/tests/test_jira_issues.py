# SPDX-License-Identifier: Apache-2.0
"""Jira Cloud's issues: get, batch, create, comments, remote links, and our answers against the contract."""

from __future__ import annotations

import re

import pytest
from conftest import basic

from extref_sim.providers.jira.cloud import JiraCloud

GOOD = basic("alice@example.net", "jira-good-token")
V3 = "/jira/rest/api/3"
LINK = {
    "globalId": "extref=1",
    "application": {"name": "ExtRef", "type": "extref"},
    "relationship": "tested by",
    "object": {
        "url": "https://tests.example/tc/1",
        "title": "TC-1",
        "summary": "passes",
        "status": {"resolved": True},
    },
}


@pytest.fixture
def jira(sim):
    """Asks REST v3 as alice."""
    return lambda method, path, body=None, headers=GOOD: sim.ask(method, V3 + path, body, headers)


def adf(text):
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
    }


def test_shows_an_issue_in_the_vendors_formats(jira):
    shown = jira("GET", "/issue/tes-1?fields=summary,status,assignee,updated,description").json
    assert (shown["key"], shown["id"]) == ("TES-1", "10001")
    fields = shown["fields"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0700", fields["updated"])
    assert fields["status"]["statusCategory"]["key"] == "new"
    assert fields["assignee"]["accountId"] == "5b109f2e9729b51b54dc274d"
    assert fields["description"]["type"] == "doc"
    assert set(jira("GET", "/issue/TES-1?fields=-comment").json["fields"]) >= {"summary", "labels"}


def test_hides_addresses_by_privacy(jira):
    assert "emailAddress" not in jira("GET", "/issue/TES-3?fields=assignee").json["fields"]["assignee"]


def test_unseen_and_unknown_look_the_same(jira):
    hidden, unknown = jira("GET", "/issue/HID-1"), jira("GET", "/issue/TES-99")
    assert (hidden.status, hidden.json) == (unknown.status, unknown.json)
    assert hidden.status == 404


def test_bulkfetch_sorts_by_id_and_leaves_out(jira):
    asked = ["TES-3", "10001", "HID-1", "TES-99", "TES-1"]
    reply = jira("POST", "/issue/bulkfetch", {"issueIdsOrKeys": asked, "fields": ["summary"]})
    assert [row["key"] for row in reply.json["issues"]] == ["TES-1", "TES-3"]
    assert reply.json["issueErrors"] == []


@pytest.mark.parametrize(("size", "status"), [(0, 400), (1, 200), (100, 200), (101, 400)])
def test_bulkfetch_has_a_limit(jira, size, status):
    reply = jira("POST", "/issue/bulkfetch", {"issueIdsOrKeys": [str(20000 + n) for n in range(size)]})
    assert reply.status == status


def test_old_keys_come_back_under_the_new_one(sim, jira):
    new = sim.control("POST", "/jira/issues/TES-2/move", {"to": "OPS"})["key"]
    reply = jira("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["TES-2"], "fields": ["summary"]})
    assert [row["key"] for row in reply.json["issues"]] == [new]


def test_creates(jira):
    fields = {
        "project": {"key": "TES"},
        "issuetype": {"id": "10101"},
        "summary": "Neu",
        "labels": ["x"],
        "description": adf("Zeile"),
        "assignee": {"id": "5b109f2e9729b51b54dc274d"},
        "priority": {"id": "2"},
    }
    reply = jira("POST", "/issue", {"fields": fields})
    assert (reply.status, set(reply.json)) == (201, {"id", "key", "self"})
    shown = jira("GET", f"/issue/{reply.json['key']}").json["fields"]
    assert (shown["summary"], shown["issuetype"]["name"], shown["priority"]["name"]) == ("Neu", "Bug", "High")
    assert shown["description"] == adf("Zeile")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"project": {"key": "NOPE"}}, "project"),
        ({"project": {"key": "HID"}}, "project"),
        ({"issuetype": {"id": "1"}}, "issuetype"),
        ({"issuetype": None}, "issuetype"),
        ({"summary": None}, "summary"),
        ({"summary": " "}, "summary"),
        ({"summary": "x" * 256}, "summary"),
        ({"summary": "a\nb"}, "summary"),
        ({"description": "plain text"}, "description"),
        (
            {"description": {"type": "doc", "version": 1, "content": [{"type": "text", "text": ""}]}},
            "description",
        ),
        ({"labels": ["two words"]}, "labels"),
        ({"priority": {"name": "Urgent"}}, "priority"),
        ({"assignee": {"name": "bob"}}, "assignee"),
        ({"customfield_10031": {"id": "10201"}}, "customfield_10031"),
        ({"customfield_99": 1}, "customfield_99"),
        ({"asignee": {"id": "1"}}, "asignee"),
        ({"project": {"key": "OPS"}}, "customfield_10031"),
    ],
)
def test_create_names_the_wrong_fields(jira, change, name):
    fields = {"project": {"key": "TES"}, "issuetype": {"name": "Bug"}, "summary": "Neu", **change}
    reply = jira("POST", "/issue", {"fields": fields})
    assert (reply.status, list(reply.json["errors"])) == (400, [name])


def test_createmeta_says_what_create_wants(jira):
    types = jira("GET", "/issue/createmeta/OPS/issuetypes").json
    bug = next(row for row in types["issueTypes"] if row["name"] == "Bug")
    fields = jira("GET", f"/issue/createmeta/OPS/issuetypes/{bug['id']}?maxResults=200").json["fields"]
    asked = {row["fieldId"] for row in fields if row["required"] and not row["hasDefaultValue"]}
    assert asked == {"project", "issuetype", "summary", "customfield_10031"}
    page = jira("GET", f"/issue/createmeta/OPS/issuetypes/{bug['id']}?startAt=6&maxResults=1").json
    assert (page["startAt"], page["total"], len(page["fields"])) == (6, len(fields), 1)
    assert jira("GET", "/issue/createmeta/NOPE/issuetypes").status == 404


def test_remote_links_are_idempotent_and_replace(jira):
    first = jira("POST", "/issue/TES-1/remotelink", LINK)
    again = jira(
        "POST",
        "/issue/TES-1/remotelink",
        {"globalId": "extref=1", "object": {"url": "https://tests.example/tc/2", "title": "TC-2"}},
    )
    assert (first.status, again.status, first.json["id"]) == (201, 200, again.json["id"])
    shown = jira("GET", "/issue/TES-1/remotelink?globalId=extref%3D1").json
    assert shown["object"] == {"url": "https://tests.example/tc/2", "title": "TC-2"}
    assert "relationship" not in shown
    assert [row["id"] for row in jira("GET", "/issue/TES-1/remotelink").json] == [first.json["id"]]
    assert jira("DELETE", "/issue/TES-1/remotelink?globalId=extref%3D1").status == 204
    assert jira("DELETE", "/issue/TES-1/remotelink?globalId=extref%3D1").status == 404


def test_remote_links_are_refused(sim, jira):
    assert jira("POST", "/issue/TES-1/remotelink", {**LINK, "globalId": "x" * 256}).status == 400
    wrong = {**LINK, "object": {"url": "javascript:alert(1)", "title": "t"}}
    assert jira("POST", "/issue/TES-1/remotelink", wrong).json["errors"] == {
        "url": "'url' is not a valid URL."
    }
    assert jira("POST", "/issue/HID-1/remotelink", LINK).status == 404
    for settings, status in (
        ({"remote_links_max": 0}, 413),
        ({"link_permission": False}, 403),
        ({"issue_linking": False}, 403),
    ):
        sim.control("POST", "/jira/settings", settings)
        assert jira("POST", "/issue/TES-1/remotelink", LINK).status == status


def test_comments(jira):
    assert jira("POST", "/issue/TES-1/comment", {"body": "plain"}).status == 400
    made = jira("POST", "/issue/TES-1/comment", {"body": adf("hello")})
    assert (made.status, made.json["body"]) == (201, adf("hello"))
    assert jira("GET", "/issue/TES-1/comment?orderBy=-created").json["comments"][0]["id"] == made.json["id"]


def test_transitions_change_status_resolution_and_changelog(jira):
    rows = jira("GET", "/issue/TES-1/transitions").json["transitions"]
    done = next(row["id"] for row in rows if row["to"]["statusCategory"]["key"] == "done")
    assert jira("POST", "/issue/TES-1/transitions", {"transition": {"id": done}}).status == 204
    assert jira("GET", "/issue/TES-1?fields=resolution").json["fields"]["resolution"]["name"] == "Done"
    items = jira("GET", "/issue/TES-1/changelog").json["values"][0]["items"]
    assert {(row["field"], row["fromString"], row["toString"]) for row in items} >= {
        ("status", "To Do", "Done")
    }
    bulk = jira("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["TES-1"], "fieldIds": ["status"]}).json
    assert [row["issueId"] for row in bulk["issueChangeLogs"]] == ["10001"]


TOUR = [
    "/myself",
    "/serverInfo",
    "/mypermissions?permissions=BROWSE_PROJECTS",
    "/issue/TES-1",
    "/issue/picker?query=l",
    "/issue/createmeta/TES/issuetypes",
    "/issue/createmeta/OPS/issuetypes/10101",
    "/issue/TES-1/comment",
    "/issue/TES-1/transitions",
    "/issue/TES-1/changelog",
    "/search/jql?jql=project%3DTES&fields=*all",
    "/project/search",
    "/project/TES",
    "/project/TES/statuses",
    "/statuscategory",
    "/status",
    "/priority/search",
    "/field",
    "/issuetype/project?projectId=10000",
    "/user/assignable/search?project=TES",
    "/issue/HID-1",
    "/mypermissions",
    "/issue/TES-1/remotelink?globalId=extref%3D1",
]


def test_our_own_answers_keep_the_contract(sim, jira):
    jira("POST", "/issue/TES-1/remotelink", LINK)
    jira("POST", "/issue/TES-1/comment", {"body": adf("x")})
    sim.control("PATCH", "/jira/issues/TES-1", {"status": "Done", "assignee": "alice", "labels": ["n"]})
    jira("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["TES-1"], "expand": ["changelog"]})
    jira("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["TES-1"]})
    jira("POST", "/search/approximate-count", {"jql": "project = TES"})
    for path in TOUR:
        jira("GET", path)
    found = {entry["path"]: entry["answer_violation"] for entry in sim.journal() if entry["answer_violation"]}
    assert found == {}


def test_every_operation_of_the_contract_has_a_route(sim):
    provider = sim.sim.providers["jira"]
    routed = {(route.method, route.operation) for route in provider.router.routes if route.operation}
    assert routed == set(JiraCloud.rest.paths())
