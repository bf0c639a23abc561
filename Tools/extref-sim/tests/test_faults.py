# SPDX-License-Identifier: Apache-2.0
"""Faults do what they say, as often as they say."""

from __future__ import annotations

import http.client
import time

import pytest
from conftest import basic

GOOD = basic("alice@example.net", "jira-good-token")
MYSELF = "/jira/rest/api/3/myself"
LINKS = "/jira/rest/api/3/issue/TES-1/remotelink"
CUT = (http.client.RemoteDisconnected, ConnectionResetError)


def order(sim, kind, **details):
    return sim.control("POST", "/faults", {"kind": kind, "provider": "jira", **details})


def myself(sim, **options):
    return sim.ask("GET", MYSELF, headers=GOOD, **options)


def test_counts_down_and_is_gone(sim):
    order(sim, "status", code=500, count=2, body={"errorMessages": ["boom"]}, headers={"X-Why": "fault"})
    first = myself(sim)
    assert (first.status, first.json, first.headers["X-Why"]) == (500, {"errorMessages": ["boom"]}, "fault")
    assert [myself(sim).status for _ in range(2)] == [500, 200]
    assert sim.control("GET", "/faults")["faults"] == []
    assert [entry["fault"] for entry in sim.journal()] == ["status", "status", None]


def test_matches_provider_method_and_path(sim):
    order(sim, "status", code=500, method="get", path="/issue/TES-[12]$", count=None)
    ask = lambda path: sim.ask("GET", "/jira/rest/api/3" + path, headers=GOOD).status  # noqa: E731
    assert [ask("/issue/TES-1"), ask("/issue/TES-3"), ask("/myself"), ask("/issue/TES-2")] == [
        500,
        200,
        200,
        500,
    ]
    assert sim.ask("GET", "/jiradc/rest/api/2/serverInfo").status == 200
    sim.control("DELETE", "/faults")
    assert ask("/issue/TES-1") == 200


def test_skip_and_probability_are_deterministic(sim):
    order(sim, "status", code=500, skip=2)
    assert [myself(sim).status for _ in range(4)] == [200, 200, 500, 200]
    order(sim, "status", code=500, count=None, probability=0.5, seed=7)
    first = [myself(sim).status for _ in range(12)]
    sim.control("DELETE", "/faults")
    order(sim, "status", code=500, count=None, probability=0.5, seed=7)
    assert [myself(sim).status for _ in range(12)] == first
    assert set(first) == {200, 500}


@pytest.mark.parametrize("reset", [False, True])
def test_drop_before_does_nothing(sim, reset):
    order(sim, "drop_before", method="POST", reset=reset)
    with pytest.raises(CUT):
        sim.ask("POST", LINKS, {"globalId": "g", "object": {"url": "https://a.example", "title": "t"}}, GOOD)
    assert sim.ask("GET", LINKS, headers=GOOD).json == []
    assert sim.journal()[0]["status"] is None


def test_drop_after_has_done_everything(sim):
    order(sim, "drop_after", method="POST")
    with pytest.raises(CUT):
        sim.ask("POST", LINKS, {"globalId": "g", "object": {"url": "https://a.example", "title": "t"}}, GOOD)
    assert [row["globalId"] for row in sim.ask("GET", LINKS, headers=GOOD).json] == ["g"]


def test_truncate_breaks_the_promise_of_content_length(sim):
    order(sim, "truncate")
    with pytest.raises(http.client.IncompleteRead) as caught:
        myself(sim)
    assert 0 < len(caught.value.partial) < len(myself(sim).raw)


def test_garbage_is_not_json(sim):
    order(sim, "garbage", bytes=64)
    reply = myself(sim)
    assert (reply.status, len(reply.raw)) == (200, 64)
    with pytest.raises(ValueError):
        reply.json  # noqa: B018


def test_latency_and_hang(sim):
    order(sim, "latency", ms=150)
    started = time.monotonic()
    assert myself(sim).status == 200
    assert time.monotonic() - started >= 0.15
    order(sim, "hang", seconds=5)
    with pytest.raises(TimeoutError):
        myself(sim, timeout=0.3)


def test_slow_body_trickles(sim):
    order(sim, "slow_body", bytes_per_second=4000)
    started = time.monotonic()
    reply = myself(sim)
    assert reply.json["displayName"] == "Alice Example"
    assert time.monotonic() - started >= len(reply.raw) / 4000 * 0.8


@pytest.mark.parametrize(
    ("kind", "details", "status", "header", "text"),
    [
        ("html_login", {}, 200, "Content-Type", "text/html; charset=utf-8"),
        ("ado_203", {}, 203, "Content-Type", "text/html; charset=utf-8"),
        ("redirect", {"location": "http://other.example/"}, 302, "Location", "http://other.example/"),
        ("redirect", {"location": "/x", "status": 308}, 308, "Location", "/x"),
        ("rate_429", {"retry_after": 3}, 429, "Retry-After", "3"),
        ("rate_503", {"retry_after": 7}, 503, "Retry-After", "7"),
        ("rate_403_secondary", {"retry_after": 60}, 429, "Retry-After", "60"),
        ("rate_403_primary", {"reset": 1800000000}, 429, "X-RateLimit-Reset", "1800000000"),
        ("rate_400_linear", {"reset": 1800000000}, 429, "X-RateLimit-Requests-Reset", "1800000000000"),
        ("slow_200", {"delay": 0.1}, 200, "X-RateLimit-Delay", "0.1"),
        ("headers", {"headers": {"Retry-After": "9"}}, 200, "Retry-After", "9"),
    ],
)
def test_answers_of_kinds(sim, kind, details, status, header, text):
    order(sim, kind, **details)
    reply = myself(sim)
    assert (reply.status, reply.headers[header]) == (status, text)


def test_fields_change_wherever_they_are(sim):
    order(sim, "fields", set={"key": "frozen"}, drop=["summary", "displayName"], count=2)
    issue = sim.ask("GET", "/jira/rest/api/3/issue/TES-1?fields=summary,status", headers=GOOD).json
    assert (issue["key"], "summary" in issue["fields"]) == ("frozen", False)
    assert issue["fields"]["status"]["statusCategory"]["key"] == "frozen"
    assert "displayName" not in myself(sim).json
    assert myself(sim).json["displayName"] == "Alice Example"


def test_fields_leave_alone_what_is_no_json(sim):
    sim.control("POST", "/faults", {"kind": "fields", "provider": "jira", "drop": ["a"], "path": "/nowhere"})
    before = sim.ask("GET", "/jira/nowhere", headers=GOOD)
    assert (before.status, before.raw) == (404, sim.ask("GET", "/jira/nowhere", headers=GOOD).raw)


def test_retry_after_as_a_date(sim):
    order(sim, "rate_429", retry_after=60, as_date=True)
    assert myself(sim).headers["Retry-After"].endswith(" GMT")


def test_refuses_orders_that_make_no_sense(sim):
    for wrong in (
        {"kind": "explode"},
        {"kind": "hang", "provider": "jirra"},
        {"kind": "status", "path": "("},
        {},
    ):
        reply = sim.ask("POST", "/_sim/faults", wrong)
        assert reply.status == 400
        assert reply.json["error"]
