# SPDX-License-Identifier: Apache-2.0
"""Asana refuses what Asana refuses, and answers what its document promises."""

from __future__ import annotations

import pytest

from hook_receiver import Receiver
from vendor import Vendor, assert_honest

SHOP, OPS, WORKSPACE = "1200000000000100", "1200000000000200", "1200000000000001"
ONE, TWO, THREE = "1200000000001001", "1200000000001002", "1200000000001003"
FIELDS = (
    "opt_fields=name,completed,completed_at,assignee.name,modified_at,permalink_url,memberships.project.name,"
    "memberships.section.name,tags.name,resource_subtype"
)


@pytest.fixture
def asana(sim):
    yield Vendor(sim, "/asana/api/1.0", {"Authorization": "Bearer asana-good-token"})
    assert_honest(sim)


def gids(asana, path):
    reply = asana.get(path)
    assert reply.status == 200, reply.raw
    return [row["gid"] for row in reply.json["data"]]


def test_one_task(asana):
    whole = asana.get(f"/tasks/{ONE}").json["data"]
    assert (whole["name"], whole["completed"], whole["assignee"]["name"]) == (
        "Checkout fails",
        False,
        "Alice Example",
    )
    short = asana.get(f"/tasks/{ONE}?{FIELDS}").json["data"]
    assert short["memberships"][0]["section"]["name"] == "To do" and short["tags"][0]["name"] == "regression"
    assert short["permalink_url"] == f"http://{asana.sim.host}/asana/0/{SHOP}/{ONE}"
    assert set(short) == {
        "gid",
        "name",
        "completed",
        "completed_at",
        "assignee",
        "modified_at",
        "permalink_url",
        "memberships",
        "tags",
        "resource_subtype",
    }
    assert asana.get(f"/tasks/{THREE}?opt_fields=completed").json["data"] == {"gid": THREE, "completed": True}
    assert asana.get(f"/tasks/{ONE}?opt_fields=nonsense").status == 400


def test_missing_and_forbidden(asana):
    asana.sim.control("DELETE", f"/asana/issues/{ONE}")
    asana.sim.control("PATCH", f"/asana/issues/{TWO}", {"visible": False})
    assert asana.get(f"/tasks/{ONE}").status == 404 and asana.get("/tasks/1").status == 404
    assert asana.get(f"/tasks/{TWO}").status == 403
    reply = asana.get("/tasks/x")
    assert reply.status == 400 and reply.json["errors"][0]["message"] == "task: Not a recognized ID: x"


def test_batch_of_ten(asana):
    def batch(*paths, **more):
        rows = [{"method": "get", "relative_path": path, **more} for path in paths]
        return asana.post("/batch", {"data": {"actions": rows}})

    made = batch(f"/tasks/{ONE}", "/tasks/1", options={"fields": ["name", "completed"]})
    assert [row["status_code"] for row in made.json["data"]] == [200, 404]
    assert made.json["data"][0]["body"]["data"] == {"gid": ONE, "name": "Checkout fails", "completed": False}
    assert batch(*[f"/tasks/{ONE}"] * 10).status == 200 and batch(*[f"/tasks/{ONE}"] * 11).status == 400
    assert (
        batch("/batch").status == 400
        and batch("tasks").status == 400
        and asana.post("/batch", {"data": {}}).status == 400
    )
    assert batch(f"/tasks/{ONE}?nonsense=1").json["data"][0]["status_code"] == 400
    assert asana.sim.journal(violations=1)


def test_listing_needs_one_place(asana):
    assert gids(asana, f"/tasks?project={SHOP}") == [ONE, TWO]
    assert gids(asana, f"/tasks?assignee=me&workspace={WORKSPACE}") == [ONE]
    section = asana.get(f"/projects/{SHOP}/sections").json["data"][1]["gid"]
    assert gids(asana, f"/tasks?section={section}") == [TWO]
    for query in ("", f"project={SHOP}&section=1", "assignee=me", "workspace=1"):
        assert asana.get(f"/tasks?{query}").status == 400
    assert gids(asana, f"/tasks?project={OPS}&completed_since=2100-01-01T00:00:00Z") == []
    assert (
        asana.get("/tasks?project=1200000000000300").status == 403
        and asana.get("/tasks?project=7").status == 404
    )


def test_pages_need_a_limit(asana):
    asana.sim.control("POST", "/asana/issues", {"project": "Shop", "count": 120})
    assert len(gids(asana, f"/tasks?project={SHOP}")) == 122
    first = asana.get(f"/tasks?project={SHOP}&limit=100").json
    rest = asana.follow(first["next_page"]["uri"]).json
    assert len(first["data"]) == 100 and len(rest["data"]) == 22 and rest["next_page"] is None
    assert set(first["data"][0]) == {"gid", "resource_type", "name", "resource_subtype"}
    assert asana.get(f"/tasks?project={SHOP}&limit=101").status == 400
    assert asana.get(f"/tasks?project={SHOP}&limit=10&offset=nonsense").status == 400


def test_modified_since(asana):
    asana.sim.control("POST", "/clock", {"advance_seconds": 60})
    since = asana.sim.control("GET", "/clock")["now"][:19] + "Z"
    assert gids(asana, f"/tasks?project={SHOP}&modified_since={since}") == []
    asana.sim.control("PATCH", f"/asana/issues/{TWO}", {"status": "Done"})
    assert gids(asana, f"/tasks?project={SHOP}&modified_since={since}") == [TWO]
    assert asana.get(f"/tasks?project={SHOP}&modified_since=yesterday").status == 400


def test_search_and_typeahead(asana):
    assert gids(asana, f"/workspaces/{WORKSPACE}/tasks/search?text=checkout") == [ONE]
    assert gids(asana, f"/workspaces/{WORKSPACE}/tasks/search?completed=true") == [THREE]
    assert gids(asana, f"/workspaces/{WORKSPACE}/typeahead?resource_type=task&query=slow") == [TWO]
    assert asana.get(f"/workspaces/{WORKSPACE}/typeahead?query=x").status == 400
    asana.sim.control("POST", "/asana/settings", {"paid": False})
    assert asana.get(f"/workspaces/{WORKSPACE}/tasks/search?text=x").status == 402


def test_create_and_update(asana):
    reply = asana.post(
        "/tasks",
        {"data": {"name": "Made", "projects": [SHOP], "notes": "Text", "assignee": "bob@example.net"}},
    )
    assert reply.status == 201 and reply.json["data"]["assignee"]["name"] == "Bob Example"
    gid = reply.json["data"]["gid"]
    assert asana.ask("PUT", f"/tasks/{gid}", {"data": {"completed": True}}).json["data"]["completed_at"]
    assert (
        asana.ask("PUT", f"/tasks/{gid}?opt_fields=assignee", {"data": {"assignee": None}}).json["data"][
            "assignee"
        ]
        is None
    )


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x"},
        {"name": "x", "projects": ["7x"]},
        {"name": 5, "projects": [SHOP]},
        {"name": "x" * 1025, "projects": [SHOP]},
        {"name": "x", "projects": [SHOP], "assignee": "nobody"},
        {"name": "x", "projects": [SHOP], "nonsense": 1},
        {"name": "x", "projects": [SHOP], "html_notes": "<b>"},
        {"name": "x", "projects": [SHOP], "tags": ["1"]},
    ],
)
def test_create_refuses(asana, data):
    reply = asana.post("/tasks", {"data": data})
    assert reply.status == 400 and reply.json["errors"][0]["message"]


def test_stories_are_not_deduplicated(asana):
    place = f"/tasks/{ONE}/stories"
    first, second = (asana.post(place, {"data": {"text": "linked"}}).json["data"]["gid"] for _ in range(2))
    assert gids(asana, place) == [first, second]
    assert (
        asana.ask("PUT", f"/stories/{first}", {"data": {"text": "changed"}}).json["data"]["text"] == "changed"
    )
    assert asana.ask("DELETE", f"/stories/{first}").status == 200 and gids(asana, place) == [second]
    assert asana.post(place, {"data": {"text": " "}}).status == 400


def form(**fields):
    lines = [
        f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(lines) + "--xx--\r\n").encode()


def test_external_attachments(asana):
    kind = {"Content-Type": "multipart/form-data; boundary=xx"}
    body = form(resource_subtype="external", parent=ONE, url="https://tests.example/1", name="Test")
    made = asana.ask("POST", "/attachments", body, kind)
    assert made.status == 200 and made.json["data"]["view_url"] == "https://tests.example/1"
    assert asana.ask("POST", "/attachments", body, kind).json["data"]["gid"] != made.json["data"]["gid"]
    assert len(gids(asana, f"/attachments?parent={ONE}")) == 2
    assert asana.ask("DELETE", f"/attachments/{made.json['data']['gid']}").status == 200
    assert asana.ask("POST", "/attachments", form(parent=ONE), kind).status == 400
    assert asana.post("/attachments", {"parent": ONE}).status == 400


def test_tokens(asana):
    assert asana.get("/users/me").json["data"]["email"] == "alice@example.net"
    for token in ("asana-expired-token", "asana-revoked-token", "nothing"):
        reply = asana.as_(Authorization=f"Bearer {token}").get("/users/me")
        assert reply.status == 401 and reply.json["errors"][0]["message"] == "Not Authorized"
    poor = asana.as_(Authorization="Bearer asana-wrong-scope-token")
    assert poor.get("/users/me").status == 200 and poor.get(f"/tasks/{ONE}").status == 403
    assert gids(asana, "/projects") == [SHOP, OPS] and gids(asana, "/workspaces") == [WORKSPACE]


def test_moves_keep_the_gid(asana):
    asana.sim.control("POST", f"/asana/issues/{ONE}/move", {"to": "Operations"})
    assert asana.get(f"/tasks/{ONE}").json["data"]["memberships"][0]["project"]["name"] == "Operations"


def test_webhooks_need_a_handshake(asana):
    with Receiver() as silent:
        reply = asana.post("/webhooks", {"data": {"resource": SHOP, "target": silent.url}})
        assert reply.status == 400 and "handshake" in reply.json["errors"][0]["message"]
    with Receiver(echo=("X-Hook-Secret",)) as receiver:
        made = asana.post("/webhooks", {"data": {"resource": SHOP, "target": receiver.url}})
        secret = made.json["X-Hook-Secret"]
        assert made.status == 201 and receiver.next().headers["X-Hook-Secret"] == secret
        asana.sim.control("PATCH", f"/asana/issues/{THREE}", {"title": "Other project"})
        asana.sim.control("PATCH", f"/asana/issues/{ONE}", {"status": "Done"})
        got = receiver.next()
        assert got.signed_by(secret, "X-Hook-Signature", "")
        rows = got.json["events"]
        assert rows[0]["resource"]["gid"] == ONE and rows[0]["change"]["field"] == "completed"
        assert "name" not in str(rows[0]["resource"]) and receiver.none_left()
        place = f"/webhooks/{made.json['data']['gid']}"
        assert asana.get(place).json["data"]["target"] == receiver.url
        assert gids(asana, f"/webhooks?workspace={WORKSPACE}") == [made.json["data"]["gid"]]
        assert asana.ask("DELETE", place).status == 200 and asana.get(place).status == 404
    assert asana.post("/webhooks", {"data": {"target": "http://x"}}).status == 400
