# SPDX-License-Identifier: Apache-2.0
"""YouTrack shows what is asked for and no more, and finds moved issues by their old ids."""

from __future__ import annotations

import pytest

from vendor import Vendor, assert_honest

FIELDS = (
    "fields=id,idReadable,summary,resolved,updated,project(shortName),"
    "customFields(name,value(name,login,fullName,isResolved))"
)


@pytest.fixture
def youtrack(sim):
    yield Vendor(sim, "/youtrack/api", {"Authorization": "Bearer perm:youtrack-good-token"})
    assert_honest(sim)


def keys(youtrack, query, more=""):
    reply = youtrack.get(f"/issues?query={query}&fields=idReadable{more}")
    assert reply.status == 200, reply.raw
    return [row["idReadable"] for row in reply.json]


def values(issue):
    return {row["name"]: row["value"] for row in issue["customFields"]}


def test_only_id_and_type_unless_asked(youtrack):
    assert youtrack.get("/issues/SP-1").json == {"id": "2-7", "$type": "Issue"}
    issue = youtrack.get(f"/issues/SP-1?{FIELDS}").json
    assert (issue["idReadable"], issue["resolved"], issue["project"]) == (
        "SP-1",
        None,
        {"shortName": "SP", "$type": "Project"},
    )
    found = values(issue)
    assert found["State"] == {"name": "Submitted", "isResolved": False, "$type": "StateBundleElement"}
    assert found["Assignee"]["login"] == "alice" and found["Priority"]["name"] == "Critical"
    assert issue["updated"] > 10**12
    assert youtrack.get(f"/issues/2-7?{FIELDS}").json == issue
    assert youtrack.get("/issues/SP-1?fields=nonsense,summary").json == {
        "summary": "Checkout fails",
        "$type": "Issue",
    }
    for text in ("id,", "project(", "a)b", "a(b))"):
        assert youtrack.get(f"/issues/SP-1?fields={text}").status == 400


def test_fields_have_names_of_their_own(youtrack):
    issue = youtrack.get(f"/issues/OPS-1?{FIELDS}").json
    found = values(issue)
    assert found["Zustand"]["isResolved"] is True and "Dringlichkeit" in found and issue["resolved"]
    assert keys(youtrack, "Zustand:%20Fixed") == ["OPS-1"]
    fields = youtrack.get(
        "/admin/projects/OPS/customFields?fields=field(name),canBeEmpty,bundle(values(name,isResolved))"
    ).json
    by_name = {row["field"]["name"]: row for row in fields}
    assert (
        by_name["Type"]["canBeEmpty"] is False
        and by_name["Zustand"]["bundle"]["values"][0]["name"] == "Submitted"
    )


def test_missing_ones(youtrack):
    youtrack.sim.control("DELETE", "/youtrack/issues/SP-1")
    for id in ("SP-1", "SP-99", "HID-1"):
        reply = youtrack.get(f"/issues/{id}")
        assert reply.status == 404 and reply.json["error"] == "Not Found"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("issue%20id:%20SP-1,%20SP-2,%20SP-99", ["SP-2", "SP-1"]),
        ("project:%20SP%20%23Unresolved", ["SP-2", "SP-1"]),
        ("State:%20{In%20Progress}", ["SP-2"]),
        ("%23Resolved%20sort%20by:%20created%20asc", ["SP-3", "OPS-1"]),
        ("checkout", ["SP-1"]),
        ("assignee:%20me", ["SP-1"]),
        ("tag:%20shop", ["SP-1"]),
        ("-project:%20SP", ["OPS-1"]),
        ("Type:%20Feature,Bug%20project:%20SP%20-State:%20Submitted", ["SP-3", "SP-2"]),
        ("updated:%202100-01-01%20..%20*", []),
    ],
)
def test_queries(youtrack, query, found):
    assert keys(youtrack, query) == found


def test_query_errors_and_pages(youtrack):
    for query in ("Nonsense:%20x", "updated:%20soon", "sort%20by:%20nonsense"):
        assert youtrack.get(f"/issues?query={query}").json["error"] == "invalid_query"
    youtrack.sim.control("POST", "/youtrack/issues", {"project": "SP", "count": 60})
    assert len(keys(youtrack, "project:%20SP")) == 42
    assert len(keys(youtrack, "project:%20SP", "&$top=100")) == 63
    assert len(keys(youtrack, "project:%20SP", "&$top=50&$skip=50")) == 13
    assert youtrack.post("/issuesGetter/count?fields=count", {"query": "project: SP"}).json["count"] == 63


def test_updated_range(youtrack):
    youtrack.sim.control("POST", "/clock", {"advance_seconds": 3600})
    since = youtrack.sim.control("GET", "/clock")["now"][:19]
    assert keys(youtrack, f"updated:%20{since}%20..%20*") == []
    youtrack.sim.control("PATCH", "/youtrack/issues/SP-2", {"status": "Fixed"})
    assert keys(youtrack, f"updated:%20{since}%20..%20*") == ["SP-2"]


def custom(name, value, kind="SingleEnumIssueCustomField"):
    return {"name": name, "$type": kind, "value": value}


def test_create_and_change(youtrack):
    body = {
        "project": {"id": "0-1"},
        "summary": "Made",
        "description": "Text",
        "tags": [{"name": "new"}],
        "customFields": [
            custom("Priority", {"name": "Major"}),
            custom("Assignee", {"login": "bob"}, "SingleUserIssueCustomField"),
        ],
    }
    made = youtrack.post(f"/issues?{FIELDS}", body)
    assert made.status == 200 and made.json["idReadable"] == "SP-4"
    assert (
        values(made.json)["Priority"]["name"] == "Major" and values(made.json)["Assignee"]["login"] == "bob"
    )
    changed = youtrack.post(
        f"/issues/SP-4?{FIELDS}",
        {"customFields": [custom("State", {"name": "Fixed"}, "StateIssueCustomField")]},
    )
    assert changed.json["resolved"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"summary": "x"}, "Project is required"),
        ({"project": {"id": "0-1"}}, "Summary is required"),
        ({"project": {"id": "0-1"}, "summary": " "}, "Summary is required"),
        (
            {
                "project": {"id": "0-1"},
                "summary": "x",
                "customFields": [custom("Priority", {"name": "Huge"})],
            },
            "no value",
        ),
        (
            {"project": {"id": "0-1"}, "summary": "x", "customFields": [{"name": "Priority", "value": None}]},
            "Type of custom field",
        ),
        (
            {"project": {"id": "0-1"}, "summary": "x", "customFields": [custom("Zustand", {"name": "Open"})]},
            "is not in project",
        ),
        ({"project": {"id": "0-2"}, "summary": "x"}, "Type is required"),
        ({"project": {"id": "0-1"}, "summary": "x", "nonsense": 1}, "nonsense"),
    ],
)
def test_create_refuses(youtrack, body, text):
    reply = youtrack.post("/issues", body)
    assert reply.status == 400 and text in reply.json["error_description"]


def test_moved_issues_resolve_by_their_old_id(youtrack):
    moved = youtrack.post("/issues/SP-1?fields=idReadable", {"project": {"shortName": "OPS"}}).json[
        "idReadable"
    ]
    assert moved == "OPS-2"
    assert youtrack.get("/issues/SP-1?fields=idReadable").json["idReadable"] == "OPS-2"
    assert keys(youtrack, "issue%20id:%20SP-1") == ["OPS-2"]
    youtrack.sim.control("POST", "/youtrack/issues/SP-2/move", {"to": "OPS"})
    assert youtrack.get("/issues/SP-2?fields=idReadable").json["idReadable"] == "OPS-3"


def test_comments(youtrack):
    place = "/issues/SP-1/comments"
    first, second = (youtrack.post(place, {"text": "linked <!-- lnk_1 -->"}).json["id"] for _ in range(2))
    assert [row["id"] for row in youtrack.get(place).json] == [first, second]
    assert youtrack.post(f"{place}/{first}?fields=text", {"text": "changed"}).json["text"] == "changed"
    assert youtrack.ask("DELETE", f"{place}/{first}").status == 200 and len(youtrack.get(place).json) == 1
    assert youtrack.post(place, {"text": ""}).status == 400


def test_tokens(youtrack):
    assert youtrack.get("/users/me?fields=id,login,fullName,email").json["login"] == "alice"
    assert youtrack.get("/users/me").json == {"id": "1-1", "$type": "User"}
    for token in ("perm:youtrack-expired-token", "perm:youtrack-revoked-token", "nothing"):
        reply = youtrack.as_(Authorization=f"Bearer {token}").get("/users/me")
        assert reply.status == 401 and reply.json["error"] == "Unauthorized"
    assert youtrack.as_(Authorization=None).get("/users/me").status == 401
    assert youtrack.as_(Authorization="Bearer perm:youtrack-wrong-scope-token").get("/users/me").status == 403
    assert youtrack.as_(Authorization=None).get("/config?fields=version").json["version"] == "2026.2"
    assert {row["shortName"] for row in youtrack.get("/admin/projects?fields=shortName").json} == {
        "SP",
        "OPS",
    }
    assert youtrack.get("/tags?fields=name").json[0]["name"] == "shop"
    assert len(youtrack.get("/users?query=bob").json) == 1
