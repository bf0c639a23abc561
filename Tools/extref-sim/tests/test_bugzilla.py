# SPDX-License-Identifier: Apache-2.0
"""Bugzilla refuses what Bugzilla refuses, and tells missing from forbidden."""

from __future__ import annotations

import pytest

from vendor import Vendor, assert_honest

BUG = {"product": "Shop", "component": "Checkout", "summary": "Made", "version": "1.0"}


@pytest.fixture
def bugzilla(sim):
    yield Vendor(sim, "/bugzilla/rest", {"X-BUGZILLA-API-KEY": "bugzilla-good-key"})
    assert_honest(sim)


def ids(bugzilla, query):
    reply = bugzilla.get(f"/bug?{query}")
    assert reply.status == 200, reply.raw
    return [row["id"] for row in reply.json["bugs"]]


def code(reply):
    return reply.status, reply.json["code"]


def test_one_bug(bugzilla):
    bug = bugzilla.get("/bug/1").json["bugs"][0]
    assert (bug["summary"], bug["status"], bug["resolution"], bug["is_open"]) == (
        "Checkout fails",
        "UNCONFIRMED",
        "",
        True,
    )
    assert bug["assigned_to_detail"]["real_name"] == "Alice Example" and bug["keywords"] == ["regression"]
    assert bugzilla.get("/bug/checkout").json["bugs"][0]["id"] == 1
    short = bugzilla.get("/bug/3?include_fields=id,status,resolution,nonsense").json["bugs"][0]
    assert short == {"id": 3, "status": "RESOLVED", "resolution": "WONTFIX"}
    bugzilla.sim.control("DELETE", "/bugzilla/issues/1")
    assert code(bugzilla.get("/bug/1")) == (404, 101) and code(bugzilla.get("/bug/99")) == (404, 101)
    assert code(bugzilla.get("/bug/nonsense")) == (404, 100)
    assert code(bugzilla.get("/bug/5")) == (401, 102)


def test_batch_leaves_out_what_cannot_be_seen(bugzilla):
    assert ids(bugzilla, "id=1,2,5,99&include_fields=id") == [1, 2]
    assert ids(bugzilla, "id=1&id=3") == [1, 3]
    bugzilla.sim.control("POST", "/bugzilla/settings", {"max_search_results": 1})
    assert ids(bugzilla, "id=1,2") == [1] and ids(bugzilla, "id=1,2&offset=1") == [2]


def test_search_and_delta(bugzilla):
    assert ids(bugzilla, "quicksearch=checkout") == [1] and ids(bugzilla, "quicksearch=idea") == []
    assert ids(bugzilla, "quicksearch=ALL%20idea") == [3] and ids(bugzilla, "quicksearch=1,3") == [1, 3]
    assert ids(bugzilla, "product=Server&status=RESOLVED") == [4]
    assert ids(bugzilla, "assigned_to=alice@example.net") == [1]
    bugzilla.sim.control("POST", "/clock", {"advance_seconds": 60})
    since = bugzilla.sim.control("GET", "/clock")["now"][:19] + "Z"
    assert ids(bugzilla, f"last_change_time={since}") == []
    bugzilla.sim.control("PATCH", "/bugzilla/issues/2", {"status": "RESOLVED"})
    assert ids(bugzilla, f"last_change_time={since}&order=changeddate%20DESC") == [2]
    assert bugzilla.get("/bug/2").json["bugs"][0]["resolution"] == "FIXED"
    assert code(bugzilla.get("/bug")) == (400, 104) and code(bugzilla.get("/bug?last_change_time=x")) == (
        400,
        104,
    )
    assert bugzilla.get("/bug?nonsense=1").status == 400


def test_create(bugzilla):
    made = bugzilla.post(
        "/bug", {**BUG, "severity": "major", "keywords": ["regression"], "assigned_to": "bob@example.net"}
    )
    assert made.status == 200 and set(made.json) == {"id"}
    bug = bugzilla.get(f"/bug/{made.json['id']}").json["bugs"][0]
    assert (bug["severity"], bug["priority"], bug["platform"]) == ("major", "Normal", "All")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"summary": None}, 50),
        ({"summary": " "}, 107),
        ({"product": "Nope"}, 106),
        ({"product": "Secret"}, 106),
        ({"component": "Nope"}, 105),
        ({"version": "9"}, 104),
        ({"assigned_to": "nobody"}, 504),
        ({"nonsense": 1}, 32000),
    ],
)
def test_create_refuses(bugzilla, change, number):
    body = {name: value for name, value in (BUG | change).items() if value is not None}
    assert bugzilla.post("/bug", body).json["code"] == number


def test_see_also_is_a_set(bugzilla):
    body = {"see_also": {"add": ["https://tests.example/1"]}}
    first = bugzilla.ask("PUT", "/bug/1", body).json["bugs"][0]
    assert first["changes"] == {"see_also": {"added": "https://tests.example/1", "removed": ""}}
    assert bugzilla.ask("PUT", "/bug/1", body).json["bugs"][0]["changes"] == {}
    assert bugzilla.get("/bug/1").json["bugs"][0]["see_also"] == ["https://tests.example/1"]
    assert ids(bugzilla, "see_also=https://tests.example/1") == [1]
    assert code(bugzilla.ask("PUT", "/bug/1", {"see_also": {"add": ["no url"]}})) == (400, 112)
    bugzilla.sim.control("POST", "/bugzilla/settings", {"see_also": "trackers"})
    assert code(bugzilla.ask("PUT", "/bug/1", {"see_also": {"add": ["https://tests.example/2"]}})) == (
        400,
        112,
    )
    assert (
        bugzilla.ask("PUT", "/bug/1", {"see_also": {"add": ["https://github.com/a/b/issues/2"]}}).status
        == 200
    )
    gone = bugzilla.ask("PUT", "/bug/1", {"see_also": {"remove": ["https://tests.example/1"]}}).json["bugs"][
        0
    ]
    assert gone["changes"]["see_also"]["removed"] == "https://tests.example/1"


def test_closing_needs_a_resolution(bugzilla):
    assert bugzilla.ask("PUT", "/bug/1", {"status": "RESOLVED"}).json["code"] == 121
    assert bugzilla.ask("PUT", "/bug/1", {"status": "RESOLVED", "resolution": "FIXED"}).status == 200
    assert bugzilla.ask("PUT", "/bug/1", {"status": "CONFIRMED"}).status == 200
    assert bugzilla.get("/bug/1").json["bugs"][0]["resolution"] == ""


def test_comments(bugzilla):
    assert bugzilla.post("/bug/1/comment", {"comment": "Hello"}).status == 201
    rows = bugzilla.get("/bug/1/comment").json["bugs"]["1"]["comments"]
    assert [row["count"] for row in rows] == [0, 1] and rows[1]["text"] == "Hello"
    assert bugzilla.post("/bug/1/comment", {"comment": " "}).json["code"] == 109


def test_keys(bugzilla):
    assert bugzilla.get("/whoami").json["name"] == "alice@example.net"
    assert bugzilla.as_(X_BUGZILLA_API_KEY=None).get("/version").json == {"version": "5.2"}
    nobody = bugzilla.as_(X_BUGZILLA_API_KEY=None)
    assert code(nobody.get("/whoami")) == (401, 410)
    public = nobody.get("/bug/1").json["bugs"][0]
    assert public["assigned_to"] == "alice" and "email" not in public["assigned_to_detail"]
    assert (
        nobody.get("/bug/1?api_key=bugzilla-good-key").json["bugs"][0]["assigned_to"] == "alice@example.net"
    )
    assert "bugzilla-good-key" not in str(bugzilla.sim.journal())
    for key, number in (("nothing", 306), ("bugzilla-expired-key", 307), ("bugzilla-revoked-key", 307)):
        assert code(bugzilla.as_(X_BUGZILLA_API_KEY=key).get("/bug/1")) == (400, number)
    assert code(bugzilla.as_(X_BUGZILLA_API_KEY="bugzilla-wrong-scope-key").get("/bug/1")) == (401, 102)
    bugzilla.sim.control("POST", "/bugzilla/settings", {"header_key": False})
    assert code(bugzilla.get("/whoami")) == (401, 410)


def test_moves_keep_the_number(bugzilla):
    bugzilla.sim.control("POST", "/bugzilla/issues/1/move", {"to": "Server"})
    bug = bugzilla.get("/bug/1").json["bugs"][0]
    assert (bug["product"], bug["component"], bug["version"]) == ("Server", "Core", "unspecified")


def test_forms(bugzilla):
    assert bugzilla.get("/product_enterable").json == {"ids": [1, 2]}
    product = bugzilla.get("/product/Shop").json["products"][0]
    assert [row["name"] for row in product["components"]] == ["Checkout", "Search"]
    assert len(bugzilla.get("/product?type=enterable&include_fields=name").json["products"]) == 2
    values = bugzilla.get("/field/bug/bug_status").json["fields"][0]["values"]
    assert {row["name"]: row["is_open"] for row in values}["RESOLVED"] is False
    assert bugzilla.get("/field/bug/nonsense").status == 404
    assert bugzilla.get("/user?match=bob").json["users"][0]["real_name"] == "Bob Example"
    assert bugzilla.get("/nonsense").json["code"] == 32614
