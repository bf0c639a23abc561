# SPDX-License-Identifier: Apache-2.0
"""JQL: what is found, in which order, on which page, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from conftest import basic

GOOD = basic("alice@example.net", "jira-good-token")
SEARCH = "/jira/rest/api/3/search/jql"


def search(sim, jql, **ask):
    return sim.ask("POST", SEARCH, {"jql": jql, "fields": ["key"], **ask}, GOOD)


def keys(reply):
    assert reply.status == 200, reply.json
    return [row["key"] for row in reply.json["issues"]]


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = TES ORDER BY key", ["TES-1", "TES-2", "TES-3", "TES-4"]),
        ("project in (tes, OPS) AND statusCategory != Done order by key desc", ["TES-2", "TES-1", "OPS-1"]),
        ("key in (TES-1, \"TES-3\") ORDER BY key DESC", ["TES-3", "TES-1"]),
        ("id in (10001,10002) ORDER BY id ASC", ["TES-1", "TES-2"]),
        ('text ~ "coupon*"', ["TES-1"]),
        ('summary ~ "two checkout"', ["TES-1"]),
        ('text ~ "steps"', ["TES-1"]),
        ('description ~ "coupons"', []),
        ('summary ~ "\\"two coupons\\""', ["TES-1"]),
        ('summary ~ "coupons two" AND summary !~ "slow"', ["TES-1"]),
        ("labels = checkout", ["TES-1"]),
        ("labels in (ops, checkout) ORDER BY key", ["OPS-1", "TES-1"]),
        ("labels is EMPTY AND project = OPS", []),
        ("assignee = currentUser()", ["TES-2"]),
        ("assignee is EMPTY AND project = TES", ["TES-4"]),
        ('status = "In Progress" OR status = "In Review" ORDER BY key', ["OPS-1", "TES-2"]),
        ("NOT (project = OPS OR status = Done) ORDER BY key", ["TES-1", "TES-2", "TES-4"]),
        ("project = TES AND (issuetype = Bug OR resolution = \"Won't Do\") ORDER BY key", ["TES-1", "TES-4"]),
        ("project = TES AND updated >= -15m ORDER BY key", ["TES-1", "TES-2", "TES-3", "TES-4"]),
        ("project = TES AND created >= \"-1d\" AND key = TES-1", ["TES-1"]),
        ("updated < -15m", []),
        ("project = TES ORDER BY priority DESC, key ASC", ["TES-1", "TES-2", "TES-3", "TES-4"]),
    ],
)
def test_finds(sim, jql, found):
    assert keys(search(sim, jql)) == found


def test_absolute_dates_are_in_the_users_zone_and_to_the_minute(sim):
    now = datetime.now(timezone.utc) - timedelta(hours=7)
    for form in ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"):
        assert (
            len(keys(search(sim, f'project = TES AND updated >= "{now - timedelta(minutes=2):{form}}"'))) == 4
        )
        assert keys(search(sim, f'project = TES AND updated >= "{now + timedelta(minutes=2):{form}}"')) == []
    wrong = datetime.now(timezone.utc)
    assert keys(search(sim, f'project = TES AND updated >= "{wrong:%Y/%m/%d %H:%M}"')) == []


@pytest.mark.parametrize(
    ("jql", "word"),
    [
        ("", "Unbounded"),
        ("ORDER BY created DESC", "Unbounded"),
        ("project = NOPE", "does not exist"),
        ("project = HID", "does not exist"),
        ("key in (TES-1, TES-99)", "TES-99"),
        ("id = 99999", "99999"),
        ("colour = red", "Field 'colour' does not exist"),
        ("project TES", "Expecting operator"),
        ("project = ", "before the end"),
        ('summary ~ "open', "has not been completed"),
        ("summary = x", "not supported"),
        ("project ~ x", "not supported"),
        ("labels = a.b", "reserved JQL character"),
        ("labels = select", "reserved JQL word"),
        ('summary ~ "*x"', "not allowed to start"),
        ('summary ~ "a (b"', "Unable to parse"),
        ('summary ~ ""', "empty"),
        ('updated >= "22.11.2026"', "is invalid"),
        ("updated >= yesterday()", "Unable to find JQL function"),
        ('summary ~ "a\\qb"', "illegal JQL escape"),
        ("project = TES project = OPS", "Expecting either 'OR' or 'AND'"),
        ("project = TES ORDER BY " + ", ".join(["key"] * 8), "maximum is 7"),
        ("status = Nope", "does not exist"),
        ("key in ()", "Expecting"),
        ("(project = TES", "Expecting ')'"),
    ],
)
def test_refuses(sim, jql, word):
    reply = search(sim, jql)
    assert reply.status == 400
    assert word in reply.json["errorMessages"][0]


def test_pages_by_token_without_a_total(sim):
    sim.control("POST", "/jira/issues", {"project": "TES", "count": 120})
    found, token, pages = [], None, 0
    while True:
        reply = search(
            sim, "project = TES", maxResults=50, **({"nextPageToken": token} if token else {})
        ).json
        found += [row["key"] for row in reply["issues"]]
        pages += 1
        assert "total" not in reply
        token = reply.get("nextPageToken")
        assert reply["isLast"] is (token is None)
        if token is None:
            break
    assert (len(found), len(set(found)), pages) == (124, 124, 3)


def test_tokens_belong_to_one_query_and_die(sim):
    token = search(sim, "project = TES", maxResults=1).json["nextPageToken"]
    assert search(sim, "project = OPS", nextPageToken=token).status == 400
    assert search(sim, "project = TES", nextPageToken="bogus").status == 400
    sim.control("POST", "/clock", {"advance_seconds": 8 * 24 * 3600})
    assert search(sim, "project = TES", nextPageToken=token).status == 400


def test_only_the_id_comes_unasked_and_pages_of_ids_are_large(sim):
    sim.control("POST", "/jira/issues", {"project": "TES", "count": 300})
    reply = sim.ask("GET", f"{SEARCH}?jql={quote('project = TES')}&maxResults=5000", headers=GOOD).json
    assert (len(reply["issues"]), set(reply["issues"][0])) == (304, {"id"})
    assert len(search(sim, "project = TES", fields=["summary"], maxResults=5000).json["issues"]) == 100


def test_the_index_may_lag_behind(sim):
    sim.control("POST", "/jira/settings", {"search_lag_seconds": 60})
    sim.control("POST", "/clock", {"advance_seconds": 61})
    made = sim.control("POST", "/jira/issues", {"project": "OPS", "title": "fresh"})
    assert keys(search(sim, "project = OPS")) == ["OPS-1"]
    assert keys(search(sim, "project = OPS", reconcileIssues=[int(made["ids"][0])])) == ["OPS-2", "OPS-1"]
    assert search(sim, "project = OPS", reconcileIssues=list(range(51))).status == 400


def test_the_old_search_is_gone(sim):
    for method, body in (("GET", None), ("POST", {"jql": "project = TES"})):
        reply = sim.ask(method, "/jira/rest/api/3/search", body, GOOD)
        assert reply.status == 410
        assert "/rest/api/3/search/jql" in reply.json["errorMessages"][0]


def test_counts_and_picks(sim):
    count = sim.ask("POST", "/jira/rest/api/3/search/approximate-count", {"jql": "project = TES"}, GOOD)
    assert count.json == {"count": 4}
    sections = sim.ask(
        "GET", "/jira/rest/api/3/issue/picker?query=login&currentJQL=project%3DTES", headers=GOOD
    ).json
    assert [row["id"] for row in sections["sections"]] == ["hs", "cs"]
    assert sections["sections"][1]["issues"][0]["key"] == "TES-2"
