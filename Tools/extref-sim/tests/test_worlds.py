# SPDX-License-Identifier: Apache-2.0
"""Worlds: `/w/{name}` must share nothing with its neighbours but the process."""

from __future__ import annotations

import pytest

from extref_sim import worlds
from extref_sim.provider import Provider
from extref_sim.answers import json_answer
from extref_sim.registry import register
from extref_sim.simulator import Simulator
from extref_sim.webhooks import Event
from extref_sim.world import Status

from conftest import Client, started
from hook_receiver import Receiver


@register
class Toy(Provider):
    """The smallest tracker; only these tests know it."""

    name = "toy"
    prefixes = ("/toy",)
    statuses = (Status("1", "open", "todo"), Status("2", "closed", "done"))
    webhook_scheme = "github"

    def seed(self):
        self.world.add_project("1", "TOY", "Toy")
        self.credentials.add_four_states("token", "toy")
        self.make_issue("TOY", "First")

    def routes(self):
        return [self.route("GET", "/toy/issues/{key}", self.show, auth="none")]

    def show(self, call):
        issue = self.world.seen(call.params["key"])
        if issue is None:
            raise self.refuse(404, "none")
        return json_answer({"title": issue.title, "url": f"{call.origin}/toy/{issue.key}"})

    def events(self, issue, kind, change):
        yield Event(kind, {"key": issue.key, "url": f"{self.sim.origin}/toy/{issue.key}"})


@pytest.fixture(scope="module")
def toys():
    client, stop = started(None)
    yield client
    stop()


def at(client: Client, world: str, method: str, path: str, body=None):
    return client.ask(method, f"/w/{world}{path}", body)


def test_worlds_have_state_journal_faults_and_clock_of_their_own(toys):
    assert at(toys, "a", "PATCH", "/_sim/toy/issues/TOY-1", {"title": "Changed"}).status == 200
    at(toys, "a", "POST", "/_sim/faults", {"kind": "status", "code": 500, "count": None})
    at(toys, "a", "POST", "/_sim/clock", {"advance_seconds": 1000})
    assert at(toys, "a", "GET", "/toy/issues/TOY-1").status == 500
    assert at(toys, "b", "GET", "/toy/issues/TOY-1").json["title"] == "First"
    assert toys.ask("GET", "/toy/issues/TOY-1").json["title"] == "First"
    assert len(at(toys, "a", "GET", "/_sim/journal").json["entries"]) == 1
    assert at(toys, "a", "GET", "/_sim/journal").json["entries"][0]["path"] == "/toy/issues/TOY-1"
    assert at(toys, "b", "GET", "/_sim/clock").json["offset_seconds"] == 0


def test_urls_carry_the_prefix_of_their_world(toys):
    host = f"http://{toys.host}"
    assert at(toys, "c", "GET", "/toy/issues/TOY-1").json["url"] == f"{host}/w/c/toy/TOY-1"
    assert toys.ask("GET", "/toy/issues/TOY-1").json["url"] == f"{host}/toy/TOY-1"
    assert at(toys, "c", "GET", "/_sim/toy/issues/TOY-1").json["url"].startswith(f"{host}/w/c/")


def test_default_is_the_world_without_prefix(toys):
    at(toys, "default", "PATCH", "/_sim/toy/issues/TOY-1", {"title": "Same"})
    assert toys.ask("GET", "/toy/issues/TOY-1").json["title"] == "Same"
    toys.control("POST", "/reset", {})
    assert toys.ask("GET", "/toy/issues/TOY-1").json["title"] == "First"


def test_delete_drops_a_world(toys):
    at(toys, "d", "PATCH", "/_sim/toy/issues/TOY-1", {"title": "Gone soon"})
    assert toys.ask("DELETE", "/w/d").status == 204
    assert toys.ask("DELETE", "/w/d").status == 404
    assert toys.ask("GET", "/w/d").status == 405
    assert at(toys, "d", "GET", "/toy/issues/TOY-1").json["title"] == "First"


def test_credentials_and_webhooks_stay_in_their_world(toys):
    with Receiver() as receiver:
        at(toys, "e", "POST", "/_sim/toy/webhooks", {"url": receiver.url, "secret": "s"})
        at(toys, "f", "PATCH", "/_sim/toy/issues/TOY-1", {"title": "Not told"})
        at(toys, "e", "PATCH", "/_sim/toy/issues/TOY-1", {"title": "Told"})
        got = receiver.next()
        assert got.json["url"] == f"http://{toys.host}/w/e/toy/TOY-1"
        assert got.signed_by("s")
        assert receiver.none_left()
    at(toys, "e", "POST", "/_sim/toy/credentials", {"secret": "only-in-e", "kind": "token"})
    assert toys.sim.providers["toy"].credentials.find("only-in-e") is None


def test_the_least_recently_used_world_makes_room(monkeypatch):
    monkeypatch.setattr(worlds, "WORLDS_MAX", 3)
    client, stop = started(None)
    try:
        for name in ("one", "two", "three"):
            at(client, name, "PATCH", "/_sim/toy/issues/TOY-1", {"title": name})
        assert at(client, "one", "GET", "/toy/issues/TOY-1").json["title"] == "one"
        at(client, "four", "GET", "/toy/issues/TOY-1")
        assert client.ask("GET", "/w/x").json["worlds"] == ["three", "one", "four"]
        assert at(client, "one", "GET", "/toy/issues/TOY-1").json["title"] == "one"
        assert at(client, "two", "GET", "/toy/issues/TOY-1").json["title"] == "First"
    finally:
        stop()


def test_a_new_world_opens_only_the_provider_it_is_asked_for():
    made = Simulator(None).sibling("/w/lazy")
    assert made.providers.opened() == []
    assert made.provider_for("/toy/issues/TOY-1").name == "toy"
    assert [row.name for row in made.providers.opened()] == ["toy"]


def test_split_world():
    assert worlds.split_world("/w/t17/github/x") == ("t17", "/github/x")
    assert worlds.split_world("/w/t17") == ("t17", "")
    assert worlds.split_world("/github/w/t17") == (None, "/github/w/t17")
    assert worlds.split_world("/w/bad%20name/x") == (None, "/w/bad%20name/x")
