# SPDX-License-Identifier: Apache-2.0
"""The control requests mean the same for every provider: what a test learnt with one, it can do with all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import quote

import pytest

from conftest import Client, basic
from hook_receiver import Receiver

LINEAR = "query($i: String!) { issue(id: $i) { title state { name } assignee { name } } }"
YOUTRACK = "fields=summary,customFields(name,value(name,login))"


@dataclass
class Seen:
    """How an adapter would read one issue: the request, and where title and state stand in the answer."""

    path: Callable[[dict[str, Any]], str]
    headers: dict[str, str]
    title: Callable[[Any], Any]
    done: str
    scheme: str | None = None
    body: Callable[[dict[str, Any]], Any] = lambda issue: None
    gone: tuple[int, ...] = (404,)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def repo(issue: dict[str, Any]) -> str:
    return f"/repos/{issue['project']}/issues/{issue['number']}"


PROVIDERS = {
    "github": Seen(
        lambda i: f"/github/api/v3{repo(i)}",
        bearer("github-good-token"),
        lambda v: v["title"],
        "closed",
        "X-Hub-Signature-256",
        gone=(404, 410),
    ),
    "gitlab": Seen(
        lambda i: f"/gitlab/api/v4/projects/{quote(i['project'], '')}/issues/{i['number']}",
        {"PRIVATE-TOKEN": "gitlab-good-token"},
        lambda v: v["title"],
        "closed",
        "X-Gitlab-Token",
    ),
    "ado": Seen(
        lambda i: f"/ado/fabrikam/_apis/wit/workitems/{i['id']}?api-version=7.1",
        basic("", "ado-good-token"),
        lambda v: v["fields"]["System.Title"],
        "Closed",
        "Authorization",
    ),
    "linear": Seen(
        lambda i: "/linear/graphql",
        {"Authorization": "linear-good-token"},
        lambda v: v["data"]["issue"]["title"],
        "Done",
        "Linear-Signature",
        lambda i: {"query": LINEAR, "variables": {"i": i["id"]}},
        (200,),
    ),
    "jira": Seen(
        lambda i: f"/jira/rest/api/3/issue/{i['id']}",
        basic("alice@example.net", "jira-good-token"),
        lambda v: v["fields"]["summary"],
        "Done",
        "X-Hub-Signature",
    ),
    "jiradc": Seen(
        lambda i: f"/jiradc/rest/api/2/issue/{i['id']}",
        bearer("jiradc-good-token"),
        lambda v: v["fields"]["summary"],
        "Done",
    ),
    "forgejo": Seen(
        lambda i: f"/forgejo/api/v1{repo(i)}",
        {"Authorization": "token forgejo-good-token"},
        lambda v: v["title"],
        "closed",
        "X-Forgejo-Signature",
    ),
    "bugzilla": Seen(
        lambda i: f"/bugzilla/rest/bug/{i['id']}",
        {"X-BUGZILLA-API-KEY": "bugzilla-good-key"},
        lambda v: v["bugs"][0]["summary"],
        "RESOLVED",
        gone=(401, 404),
    ),
    "youtrack": Seen(
        lambda i: f"/youtrack/api/issues/{i['id']}?{YOUTRACK}",
        bearer("perm:youtrack-good-token"),
        lambda v: v["summary"],
        "Fixed",
    ),
    "shortcut": Seen(
        lambda i: f"/shortcut/api/v3/stories/{i['id']}",
        {"Shortcut-Token": "shortcut-good-token"},
        lambda v: v["name"],
        "Completed",
        "Payload-Signature",
    ),
    "asana": Seen(
        lambda i: f"/asana/api/1.0/tasks/{i['id']}",
        bearer("asana-good-token"),
        lambda v: v["data"]["name"],
        "Done",
        "X-Hook-Signature",
        gone=(403, 404),
    ),
}


@pytest.fixture(params=PROVIDERS)
def name(request):
    return request.param


def made(sim: Client, name: str, **values: Any) -> dict[str, Any]:
    return sim.control("POST", f"/{name}/issues", {"title": "Made", **values})["issues"][0]


def read(sim: Client, name: str, issue: dict[str, Any]):
    how = PROVIDERS[name]
    body = how.body(issue)
    return sim.ask("POST" if body else "GET", how.path(issue), body, how.headers)


def lost(name: str, reply) -> bool:
    if name == "linear":
        return reply.json["data"] is None
    return reply.status in PROVIDERS[name].gone


def test_made_issues_are_seen_by_adapters(sim, name):
    issue = made(sim, name)
    assert issue["id"] and issue["key"] and issue["url"].startswith(f"http://{sim.host}/")
    reply = read(sim, name, issue)
    assert reply.status == 200, reply.raw
    assert PROVIDERS[name].title(reply.json) == "Made"


def test_many_at_once(sim, name):
    before = sim.control("GET", f"/{name}/issues")["total"]
    made_ones = sim.control("POST", f"/{name}/issues", {"title": "Many", "count": 30})
    assert len(set(made_ones["ids"])) == len(set(made_ones["keys"])) == 30
    assert sim.control("GET", f"/{name}/issues")["total"] == before + 30


def test_edits_comments_and_revisions(sim, name):
    issue = made(sim, name)
    place = f"/{name}/issues/{quote(issue['id'], '')}"
    edited = sim.control(
        "PATCH", place, {"title": "Edited", "status": PROVIDERS[name].done, "assignee": "bob"}
    )
    assert (edited["title"], edited["status"], edited["assignees"]) == (
        "Edited",
        PROVIDERS[name].done,
        ["bob"],
    )
    assert edited["rev"] > issue["rev"]
    assert PROVIDERS[name].title(read(sim, name, issue).json) == "Edited"
    assert sim.control("POST", f"{place}/comments", {"body": "Hello"})["comments"]
    assert sim.ask("PATCH", f"/_sim{place}", {"status": "no such state"}).status == 400
    assert sim.ask("PATCH", f"/_sim{place}", {"nonsense": 1}).status == 400


def test_hidden_and_deleted(sim, name):
    issue = made(sim, name)
    place = f"/{name}/issues/{quote(issue['id'], '')}"
    sim.control("PATCH", place, {"visible": False})
    assert lost(name, read(sim, name, issue))
    sim.control("PATCH", place, {"visible": True})
    assert not lost(name, read(sim, name, issue))
    if name == "linear":
        sim.control("POST", "/linear/settings", {"purged": True})
    sim.control("DELETE", place)
    assert lost(name, read(sim, name, issue))


def test_moves(sim, name):
    projects = sim.control("GET", "")["providers"][name]["projects"]
    issue = made(sim, name, project=projects[0])
    moved = sim.control("POST", f"/{name}/issues/{quote(issue['id'], '')}/move", {"to": projects[1]})
    assert moved["project"] == projects[1] and moved["title"] == "Made"
    assert PROVIDERS[name].title(read(sim, name, moved).json) == "Made"


def test_projects(sim, name):
    key = "acme/new" if name in ("github", "forgejo") else "team/new" if name == "gitlab" else "NEW"
    sim.control("POST", f"/{name}/projects", {"key": key, "name": "New"})
    issue = made(sim, name, project=key)
    assert read(sim, name, issue).status == 200
    sim.control("PATCH", f"/{name}/projects/{quote(key, '')}", {"visible": False})
    assert lost(name, read(sim, name, issue))


def test_faults_speak_the_vendors_dialect(sim, name):
    issue = made(sim, name)
    sim.control("POST", "/faults", {"provider": name, "kind": "rate_429", "retry_after": 3})
    reply = read(sim, name, issue)
    assert reply.status in (429, 400) and reply.headers["Retry-After"] == "3"
    sim.control("POST", "/faults", {"provider": name, "kind": "status", "code": 502, "body": "bad gateway"})
    assert read(sim, name, issue).status == 502
    assert read(sim, name, issue).status == 200
    assert [row["fault"] for row in sim.journal()] == ["rate_429", "status", None]


def test_credentials_change_state(sim, name):
    issue = made(sim, name)
    held = sim.sim.providers[name].credentials
    secrets = [text for text in held.secrets() if text in str(PROVIDERS[name].headers) or "good" in text]
    for secret in secrets:
        sim.control("POST", f"/{name}/credentials", {"secret": secret, "state": "revoked"})
    reply = read(sim, name, issue)
    assert reply.status in (203, 302, 400, 401), reply.raw


def test_webhooks_reach_their_receiver(sim, name):
    how = PROVIDERS[name]
    if how.scheme is None:
        pytest.skip("this vendor sends no signed webhooks")
    with Receiver() as receiver:
        secret = "user:key" if name == "ado" else "key"
        sim.control("POST", f"/{name}/webhooks", {"url": receiver.url, "secret": secret})
        issue = made(sim, name)
        got = receiver.next()
        assert got.headers[how.scheme] and got.json
        sim.control("PATCH", f"/{name}/issues/{quote(issue['id'], '')}", {"title": "Told"})
        assert receiver.next().headers[how.scheme]
        if "Signature" in how.scheme:
            prefix = "sha256=" if how.scheme.startswith("X-Hub") else ""
            assert got.signed_by(secret, how.scheme, prefix)


def test_worlds_keep_providers_apart(sim, name):
    issue = made(sim, name)
    how = PROVIDERS[name]
    body = how.body(issue)
    reply = sim.ask("POST" if body else "GET", f"/w/apart-{name}{how.path(issue)}", body, how.headers)
    assert lost(name, reply) or how.title(reply.json) != "Made"
    made_there = sim.ask("POST", f"/w/apart-{name}/_sim/{name}/issues", {"title": "There"}).json["issues"][0]
    assert made_there["url"].startswith(f"http://{sim.host}/w/apart-{name}/")
    reply = sim.ask(
        "POST" if body else "GET", f"/w/apart-{name}{how.path(made_there)}", how.body(made_there), how.headers
    )
    assert how.title(reply.json) == "There"
    for text in re_urls(reply.raw.decode(), sim.host):
        assert text.startswith(f"http://{sim.host}/w/apart-{name}/"), text
    assert sim.ask("DELETE", f"/w/apart-{name}").status == 204


def re_urls(text: str, host: str) -> list[str]:
    """All absolute URLs of this server in an answer."""
    return [f"http://{host}{part.split(chr(34))[0]}" for part in text.split(f"http://{host}")[1:]]


def test_every_provider_is_here():
    from extref_sim.registry import provider_classes

    assert set(provider_classes()) - {"toy"} == set(PROVIDERS)
