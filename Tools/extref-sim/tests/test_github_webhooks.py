# SPDX-License-Identifier: Apache-2.0
"""GitHub's webhooks: what is sent, that it is signed, and that it looks like the published payloads."""

from __future__ import annotations

import pytest

from hook_receiver import Receiver
from test_github_rest import APP, cloud  # noqa: F401 - a fixture
from vendor import schema_errors

NAMES = {
    "opened": "Opened",
    "edited": "Edited",
    "closed": "Closed",
    "reopened": "Reopened",
    "assigned": "Assigned",
    "unassigned": "Unassigned",
    "labeled": "Labeled",
    "transferred": "Transferred",
    "deleted": "Deleted",
}
KEY = "/github/issues/acme%2Fapp%231"


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


def hooked(sim, receiver, **options):
    return sim.control("POST", "/github/webhooks", {"url": receiver.url, "secret": "s3cret", **options})


def judged(delivery):
    """The body must be valid by the contract of its action, and hold nothing the contract does not know."""
    body = delivery.json
    errors = schema_errors(
        "github-rest-2026-03-10.json", f"/x-webhooks/WebhookIssues{NAMES[body['action']]}", body, False
    )
    assert not errors, errors
    return body


def test_signed_and_named(cloud, receiver):  # noqa: F811
    hooked(cloud.sim, receiver)
    cloud.sim.control("PATCH", KEY, {"status": "closed"})
    got = receiver.next()
    assert got.signed_by("s3cret") and not got.signed_by("other")
    assert got.headers["X-GitHub-Event"] == "issues" and got.headers["X-GitHub-Delivery"]
    body = judged(got)
    assert (body["issue"]["state"], body["issue"]["number"]) == ("closed", 1)
    assert body["repository"]["full_name"] == "acme/app" and body["issue"]["assignee"]["login"] == "alice"
    assert body["installation"]["id"] == 5001


@pytest.mark.parametrize(
    ("edit", "actions"),
    [
        ({"title": "New"}, ["edited"]),
        ({"assignee": "bob"}, ["assigned", "unassigned"]),
        ({"assignee": None}, ["unassigned"]),
        ({"labels": ["bug", "x"]}, ["labeled"]),
        ({"labels": []}, ["unlabeled"]),
        ({"type": "Task"}, ["typed"]),
        ({"title": "N", "status": "closed"}, ["edited", "closed"]),
    ],
)
def test_one_event_per_thing(cloud, receiver, edit, actions):  # noqa: F811
    hooked(cloud.sim, receiver)
    cloud.sim.control("PATCH", KEY, edit)
    got = [receiver.next() for _ in actions]
    assert [row.json["action"] for row in got] == actions and receiver.none_left()
    for row in got:
        if row.json["action"] in NAMES:
            judged(row)


def test_create_transfer_delete_and_comment(cloud, receiver):  # noqa: F811
    hooked(cloud.sim, receiver)
    cloud.post(f"{APP}/issues", {"title": "Made"})
    assert judged(receiver.next())["action"] == "opened"
    cloud.sim.control("POST", f"{KEY}/move", {"to": "acme/web"})
    opened, moved = judged(receiver.next()), judged(receiver.next())
    assert (opened["action"], moved["action"]) == ("opened", "transferred")
    assert opened["changes"]["old_issue"]["number"] == 1
    assert (
        moved["changes"]["new_issue"]["number"] == 3
        and moved["changes"]["new_repository"]["full_name"] == "acme/web"
    )
    cloud.sim.control("DELETE", "/github/issues/acme%2Fapp%232")
    assert judged(receiver.next())["action"] == "deleted"
    cloud.sim.control("POST", "/github/issues/acme%2Fapp%233/comments", {"body": "Hello"})
    got = receiver.next()
    assert got.headers["X-GitHub-Event"] == "issue_comment" and got.json["comment"]["body"] == "Hello"


def test_pull_requests_have_their_own_event(cloud, receiver):  # noqa: F811
    hooked(cloud.sim, receiver)
    cloud.sim.control("PATCH", "/github/issues/acme%2Fweb%232", {"status": "merged"})
    got = receiver.next()
    assert got.headers["X-GitHub-Event"] == "pull_request" and got.json["pull_request"]["merged"] is True


def test_hooks_made_by_the_api(cloud, receiver):  # noqa: F811
    config = {"url": receiver.url, "content_type": "json", "secret": "key"}
    reply = cloud.post(f"{APP}/hooks", {"name": "web", "events": ["issues"], "config": config})
    assert reply.status == 201 and reply.json["config"]["secret"] == "********"
    ping = receiver.next()
    assert ping.headers["X-GitHub-Event"] == "ping" and ping.signed_by("key")
    assert not schema_errors("github-rest-2026-03-10.json", "/x-webhooks/WebhookPing", ping.json, False)
    cloud.sim.control("PATCH", "/github/issues/acme%2Fweb%231", {"title": "Other repository"})
    cloud.sim.control("POST", f"{KEY}/comments", {"body": "Other event"})
    assert receiver.none_left()
    cloud.sim.control("PATCH", KEY, {"title": "Wanted"})
    assert receiver.next().json["action"] == "edited"
    assert cloud.post(f"{APP}/hooks", {"events": ["issues"], "config": config}).status == 422
    assert cloud.post(f"{APP}/hooks", {"config": {"url": "ftp://x"}}).status == 422
    place = f"{APP}/hooks/{reply.json['id']}"
    assert cloud.post(f"{place}/pings").status == 204 and receiver.next().headers["X-GitHub-Event"] == "ping"
    assert cloud.ask("PATCH", place, {"active": False}).json["active"] is False
    cloud.sim.control("PATCH", KEY, {"title": "Unwanted"})
    assert receiver.none_left()
    assert len(cloud.get(f"{APP}/hooks").json) == 1
    assert cloud.ask("DELETE", place).status == 204 and cloud.get(f"{APP}/hooks").json == []


def test_duplicates_and_wrong_signatures_on_demand(cloud, receiver):  # noqa: F811
    hooked(cloud.sim, receiver, copies=2, corrupt=True)
    cloud.sim.control("PATCH", KEY, {"title": "Twice"})
    first, second = receiver.next(), receiver.next()
    assert first.headers["X-GitHub-Delivery"] == second.headers["X-GitHub-Delivery"]
    assert not first.signed_by("s3cret")
