# SPDX-License-Identifier: Apache-2.0
"""Jira Data Center: what differs from Cloud."""

from __future__ import annotations

import pytest
from conftest import basic

V2 = "/jiradc/rest/api/2"
PAT = {"Authorization": "Bearer jiradc-good-token"}


def ask(sim, method, path, body=None, headers=PAT):
    return sim.ask(method, V2 + path, body, headers)


@pytest.mark.parametrize(
    ("headers", "status", "user"),
    [
        (PAT, 200, "alice"),
        (basic("alice", "jiradc-good-password"), 200, "alice"),
        ({}, 401, "anonymous"),
        ({"Authorization": "Bearer jiradc-expired-token"}, 401, "anonymous"),
        ({"Authorization": "jiradc-good-token"}, 401, "anonymous"),
        (basic("alice@example.net", "jira-good-token"), 401, "anonymous"),
    ],
)
def test_takes_pats_and_passwords(sim, headers, status, user):
    reply = ask(sim, "GET", "/myself", headers=headers)
    assert (reply.status, reply.headers["X-AUSERNAME"]) == (status, user)


def test_a_credential_that_is_not_applied_is_a_200_as_anonymous(sim):
    reply = ask(
        sim, "POST", "/search", {"jql": "project = TES"}, {"Authorization": "Token jiradc-good-token"}
    )
    assert (reply.status, reply.json["total"], reply.headers["X-AUSERNAME"]) == (200, 0, "anonymous")


def test_failed_log_ins_end_in_a_captcha(sim):
    wrong, right = basic("alice", "wrong"), basic("alice", "jiradc-good-password")
    assert [ask(sim, "GET", "/myself", headers=wrong).status for _ in range(4)] == [401, 401, 401, 403]
    reply = ask(sim, "GET", "/myself", headers=right)
    assert reply.status == 403
    assert reply.headers["X-Authentication-Denied-Reason"].startswith("CAPTCHA_CHALLENGE; login-url=")
    assert ask(sim, "GET", "/myself").status == 200


def test_basic_may_be_off(sim):
    sim.control("POST", "/jiradc/settings", {"basic_auth": False})
    assert ask(sim, "GET", "/myself", headers=basic("alice", "jiradc-good-password")).status == 403


def test_users_have_names_and_texts_are_plain(sim):
    shown = ask(sim, "GET", "/issue/tes-1").json
    assert shown["fields"]["assignee"]["name"] == "bob"
    assert "accountId" not in shown["fields"]["assignee"]
    assert shown["fields"]["description"] == "Steps to follow."
    assert ask(sim, "GET", "/serverInfo").json["deploymentType"] == "DataCenter"


def test_search_validates_unless_told_not_to(sim):
    body = {"jql": "id in (10001,99)", "fields": ["summary"], "startAt": 0, "maxResults": 200}
    assert ask(sim, "POST", "/search", body).status == 400
    reply = ask(sim, "POST", "/search", {**body, "validateQuery": False}).json
    assert (reply["total"], [row["id"] for row in reply["issues"]]) == (1, ["10001"])
    assert reply["warningMessages"] == ["A value with ID '99' does not exist for the field 'id'."]


def test_search_pages_by_offset_to_a_thousand(sim):
    sim.control("POST", "/jiradc/issues", {"project": "TES", "count": 1100})
    reply = ask(
        sim, "POST", "/search", {"jql": "project = TES", "fields": ["summary"], "maxResults": 5000}
    ).json
    assert (reply["total"], reply["maxResults"], len(reply["issues"])) == (1104, 1000, 1000)
    last = ask(sim, "POST", "/search", {"jql": "project = TES ORDER BY key", "startAt": 1103}).json
    assert [row["key"] for row in last["issues"]] == ["TES-1104"]


def test_createmeta_lists_values_and_create_wants_plain_text(sim):
    page = ask(sim, "GET", "/issue/createmeta/TES/issuetypes").json
    assert ("values" in page, "issueTypes" in page, page["isLast"]) == (True, False, True)
    fields = {
        "project": {"key": "TES"},
        "issuetype": {"name": "Task"},
        "summary": "Neu",
        "assignee": {"name": "bob"},
    }
    assert ask(sim, "POST", "/issue", {"fields": {**fields, "description": "h1. Wiki"}}).status == 201
    adf = {"type": "doc", "version": 1, "content": []}
    reply = ask(sim, "POST", "/issue", {"fields": {**fields, "description": adf}})
    assert list(reply.json["errors"]) == ["description"]


def test_remote_links_and_comments(sim):
    link = {"globalId": "g", "object": {"url": "https://a.example", "title": "t"}}
    assert [ask(sim, "POST", "/issue/TES-1/remotelink", link).status for _ in range(2)] == [201, 200]
    assert ask(sim, "DELETE", "/issue/TES-1/remotelink?globalId=g").status == 204
    assert ask(sim, "POST", "/issue/TES-1/comment", {"body": "hello"}).json["body"] == "hello"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/search", {"jql": "", "nextPageToken": "x"}),
        ("POST", "/search", {"validateQuery": "strict"}),
        ("GET", "/issue/TES-1?bogus=1", None),
        ("DELETE", "/issue/TES-1/remotelink", None),
        ("POST", "/issue/TES-1/comment", {"body": {"type": "doc"}}),
        ("POST", "/issue", {"summary": "x"}),
    ],
)
def test_refuses_by_its_own_tables(sim, method, path, body):
    reply = ask(sim, method, path, body)
    assert reply.status == 400
    assert sim.journal()[-1]["violation"]


def test_has_no_v3_and_no_bulkfetch(sim):
    assert sim.ask("GET", "/jiradc/rest/api/3/myself", headers=PAT).status == 404
    assert ask(sim, "POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["1"]}).status in (404, 405)


def test_browsers_meet_the_xsrf_filter(sim):
    link = {"object": {"url": "https://a.example", "title": "t"}}
    browser = {**PAT, "User-Agent": "Mozilla/5.0"}
    assert ask(sim, "POST", "/issue/TES-1/remotelink", link, browser).status == 403
    allowed = {**browser, "X-Atlassian-Token": "no-check"}
    assert ask(sim, "POST", "/issue/TES-1/remotelink", link, allowed).status == 201
