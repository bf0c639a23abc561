# SPDX-License-Identifier: Apache-2.0
"""The core refuses what the contracts refuse, in the vendor's shape, and says so in the journal."""

from __future__ import annotations

import pytest
from conftest import Client, basic, started

GOOD = basic("alice@example.net", "jira-good-token")
V3 = "/jira/rest/api/3"


def refused(sim: Client, method: str, path: str, body=None, headers=None):
    reply = sim.ask(method, V3 + path, body, {**GOOD, **(headers or {})})
    entry = sim.journal()[-1]
    assert set(reply.json) >= {"errorMessages", "errors"}
    assert entry["status"] == reply.status
    return reply, entry["violation"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind", "name"),
    [
        ("GET", "/issues/TES-1", None, 404, "unknown_path", "/jira/rest/api/3/issues/TES-1"),
        ("DELETE", "/myself", None, 405, "method", "DELETE"),
        ("GET", "/issue/TES-1?field=summary", None, 400, "unknown_parameter", "field"),
        ("GET", "/issue/TES-1?updateHistory=nope", None, 400, "invalid_parameter", "updateHistory"),
        (
            "GET",
            "/issue/TES-1?updateHistory=true&updateHistory=false",
            None,
            400,
            "invalid_parameter",
            "updateHistory",
        ),
        ("GET", "/issuetype/project", None, 400, "missing_parameter", "projectId"),
        ("GET", "/project/search?startAt=first", None, 400, "invalid_parameter", "startAt"),
        ("GET", "/project/search?action=destroy", None, 400, "invalid_parameter", "action"),
        ("DELETE", "/issue/TES-1/remotelink", None, 400, "missing_parameter", "globalId"),
        ("POST", "/issue/bulkfetch", None, 400, "missing_body", ""),
        ("POST", "/issue/bulkfetch", b"{", 400, "malformed_body", ""),
        ("POST", "/issue/bulkfetch", {}, 400, "invalid_body", ""),
        ("POST", "/issue/bulkfetch", {"issueIdsOrKeys": [1]}, 400, "invalid_body", "issueIdsOrKeys.0"),
        ("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["1"], "filds": []}, 400, "invalid_body", ""),
        (
            "POST",
            "/issue/TES-1/remotelink",
            {"object": {"url": "https://a.example"}},
            400,
            "invalid_body",
            "object",
        ),
        ("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": []}, 400, "invalid_body", "issueIdsOrKeys"),
        ("GET", "/myself", {"not": "allowed"}, 400, "invalid_body", ""),
    ],
)
def test_refuses(sim, method, path, body, status, kind, name):
    reply, violation = refused(sim, method, path, body)
    assert reply.status == status
    assert violation.startswith(f"{kind}: {name}"), violation


def test_refuses_another_content_type(sim):
    reply, violation = refused(
        sim, "POST", "/issue/bulkfetch", b"issueIdsOrKeys=1", {"Content-Type": "text/plain"}
    )
    assert reply.status == 415
    assert violation.startswith("content_type: text/plain")


def test_names_the_methods_it_has(sim):
    reply, _ = refused(sim, "PATCH", "/issue/TES-1/remotelink")
    assert reply.headers["Allow"] == "DELETE, GET, POST"


def test_authentication_is_answered_before_mistakes_but_both_are_seen(sim):
    reply = sim.ask("GET", V3 + "/myself?bogus=1", headers=basic("alice@example.net", "wrong"))
    assert reply.status == 401
    assert "bogus" in sim.journal()[-1]["violation"]


def test_reads_lists_joined_and_repeated(sim):
    for query in ("fields=summary,status", "fields=summary&fields=status"):
        reply = sim.ask("GET", f"{V3}/issue/TES-1?{query}", headers=GOOD)
        assert set(reply.json["fields"]) == {"summary", "status"}


def test_without_contracts_own_tables_judge_and_the_rest_is_let_through():
    client, stop = started(None)
    try:
        reply = client.ask("GET", V3 + "/issue/TES-1?bogus=1", headers=GOOD)
        assert reply.status == 200
        pat = {"Authorization": "Bearer jiradc-good-token"}
        assert client.ask("GET", "/jiradc/rest/api/2/issue/TES-1?bogus=1", headers=pat).status == 400
    finally:
        stop()


def test_an_unknown_prefix_names_the_known_ones(sim):
    reply = sim.ask("GET", "/nothing/here")
    assert reply.status == 404
    assert "/jira" in reply.json["prefixes"]
