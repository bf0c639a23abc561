# SPDX-License-Identifier: Apache-2.0
"""The journal tells everything but credentials."""

from __future__ import annotations

import json

from conftest import basic

V3 = "/jira/rest/api/3"
GOOD = basic("alice@example.net", "jira-good-token")
REFRESH = {
    "grant_type": "refresh_token",
    "client_id": "sim-client",
    "client_secret": "sim-client-secret",
    "refresh_token": "jira-refresh-good",
}


def test_holds_no_credential(sim):
    answer = sim.ask("POST", "/atlassian/oauth/token", REFRESH).json
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    sim.ask("GET", "/atlassian/oauth/token/accessible-resources", headers=bearer)
    sim.ask("GET", V3 + "/myself", headers=GOOD)
    sim.ask("GET", V3 + "/myself?access_token=jira-good-token", headers=GOOD)
    sim.ask(
        "GET", V3 + "/issue/jira-good-token?token=unknown-secret", headers={"PRIVATE-TOKEN": "glpat-secret"}
    )
    sim.ask("POST", V3 + "/issue", {"fields": {"summary": "jira-good-token", "secret": "s3cr3t-value"}}, GOOD)
    text = json.dumps(sim.journal())
    secrets = [
        "jira-good-token",
        GOOD["Authorization"].split()[1],
        "jira-refresh-good",
        "sim-client-secret",
        answer["access_token"],
        answer["refresh_token"],
        "unknown-secret",
        "glpat-secret",
        "s3cr3t-value",
    ]
    assert [secret for secret in secrets if secret in text] == []


def test_tells_the_form_of_authentication(sim):
    for headers in (
        GOOD,
        {"Authorization": "Bearer x"},
        {"Authorization": "lin_api_x"},
        {"PRIVATE-TOKEN": "x"},
        {},
    ):
        sim.ask("GET", V3 + "/myself", headers=headers)
    assert [entry["auth"] for entry in sim.journal()] == ["Basic", "Bearer", "raw", "private-token", None]


def test_tells_request_and_answer(sim):
    sim.ask("POST", V3 + "/issue/bulkfetch", {"issueIdsOrKeys": ["TES-1"]}, GOOD)
    entry = sim.journal()[0]
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", V3 + "/issue/bulkfetch", 200)
    assert json.loads(entry["body"]) == {"issueIdsOrKeys": ["TES-1"]}
    assert entry["headers"]["content-type"] == "application/json"
    assert "authorization" in entry["header_names"]
    assert entry["violation"] is None


def test_filters_counts_and_clears(sim):
    for path in ("/myself", "/serverInfo", "/issue/TES-1", "/issue/TES-2", "/nope"):
        sim.ask("GET", V3 + path, headers=GOOD)
    sim.ask("GET", "/jiradc/rest/api/2/serverInfo")
    assert len(sim.journal(provider="jira")) == 5
    assert len(sim.journal(path="issue/TES-\\d")) == 2
    assert len(sim.journal(since=sim.journal()[3]["seq"])) == 2
    assert [entry["path"] for entry in sim.journal(violations=1)] == [V3 + "/nope"]
    counts = {row["route"]: row["count"] for row in sim.control("GET", "/counts")["counts"]}
    assert counts["/jira/rest/api/3/issue/{issueIdOrKey}"] == 2
    assert counts["(unknown)"] == 1
    sim.control("DELETE", "/journal")
    assert sim.journal() == []


def test_long_bodies_are_cut(sim):
    sim.ask("POST", V3 + "/issue", {"fields": {"summary": "x" * 200_000}}, GOOD)
    assert 65_536 < len(sim.journal()[0]["body"]) < 65_600
