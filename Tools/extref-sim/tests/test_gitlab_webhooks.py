# SPDX-License-Identifier: Apache-2.0
"""GitLab's webhooks: plain token, Standard Webhooks signature, what the payloads say."""

from __future__ import annotations

import base64

import pytest

from hook_receiver import Receiver
from test_gitlab_rest import APP, gitlab  # noqa: F401 - a fixture

KEY = "/gitlab/issues/team%2Fapp%231"
SIGNING = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


def test_plain_token(gitlab, receiver):  # noqa: F811
    gitlab.sim.control("POST", "/gitlab/webhooks", {"url": receiver.url, "secret": "s3cret"})
    gitlab.sim.control("PATCH", KEY, {"title": "New", "labels": ["bug", "customer"], "status": "closed"})
    got = receiver.next()
    assert got.headers["X-Gitlab-Token"] == "s3cret" and got.headers["X-Gitlab-Event"] == "Issue Hook"
    assert got.headers["Idempotency-Key"] == got.headers["X-Gitlab-Event-UUID"]
    body = got.json
    assert (body["object_kind"], body["object_attributes"]["action"]) == ("issue", "close")
    assert body["object_attributes"]["state"] == "closed" and body["object_attributes"]["iid"] == 1
    assert body["project"]["path_with_namespace"] == "team/app" and body["project"]["id"] == 501
    assert body["changes"]["title"] == {"previous": "Checkout fails", "current": "New"}
    assert body["changes"]["state_id"] == {"previous": 1, "current": 2}
    assert body["changes"]["updated_at"]["current"].endswith(" UTC")
    assert [row["title"] for row in body["changes"]["labels"]["current"]] == ["bug", "customer"]
    assert body["assignees"][0]["username"] == "alice"


def test_actions(gitlab, receiver):  # noqa: F811
    gitlab.sim.control("POST", "/gitlab/webhooks", {"url": receiver.url, "secret": "s"})
    action = lambda: receiver.next().json["object_attributes"]["action"]  # noqa: E731
    gitlab.post(f"{APP}/issues", {"title": "Made"})
    assert action() == "open"
    gitlab.sim.control("PATCH", KEY, {"assignee": "bob"})
    assert action() == "update"
    gitlab.sim.control("POST", f"{KEY}/move", {"to": "team/web"})
    assert action() == "open"
    moved = receiver.next().json
    assert moved["object_attributes"]["action"] == "close" and moved["object_attributes"]["moved_to_id"]
    gitlab.sim.control("PATCH", KEY, {"status": "opened"})
    assert action() == "reopen"
    gitlab.sim.control("DELETE", KEY)
    assert receiver.none_left()


def test_standard_webhooks_signature(gitlab, receiver):  # noqa: F811
    body = {"url": receiver.url, "signing_token": SIGNING, "token": "plain", "issues_events": True}
    reply = gitlab.post(f"{APP}/hooks", body)
    assert (
        reply.status == 201 and reply.json["signing_token_present"] is True and SIGNING not in str(reply.json)
    )
    gitlab.sim.control("PATCH", KEY, {"title": "Signed"})
    got = receiver.next()
    assert got.signed_by_standard(SIGNING) and got.headers["X-Gitlab-Token"] == "plain"
    assert got.headers["webhook-id"] == got.headers["Idempotency-Key"]


def test_hooks_made_by_the_api(gitlab, receiver):  # noqa: F811
    made = gitlab.post(
        f"{APP}/hooks", {"url": receiver.url, "token": "k", "issues_events": True, "push_events": False}
    ).json
    gitlab.sim.control("PATCH", "/gitlab/issues/team%2Fweb%231", {"title": "Other project"})
    gitlab.sim.control("POST", f"{KEY}/comments", {"body": "Other event"})
    assert receiver.none_left()
    place = f"{APP}/hooks/{made['id']}"
    assert gitlab.ask("PUT", place, {"note_events": True, "url": receiver.url}).json["note_events"] is True
    gitlab.sim.control("POST", f"{KEY}/comments", {"body": "Now"})
    got = receiver.next()
    assert got.headers["X-Gitlab-Event"] == "Note Hook" and got.json["object_attributes"]["note"] == "Now"
    assert got.json["issue"]["iid"] == 1
    assert len(gitlab.get(f"{APP}/hooks").json) == 1 and gitlab.get(place).json["url"] == receiver.url
    assert gitlab.ask("DELETE", place).status == 204 and gitlab.get(place).status == 404
    assert gitlab.post(f"{APP}/hooks", {"url": "ftp://x"}).status == 422
    assert gitlab.post(f"{APP}/hooks", {"url": receiver.url, "signing_token": "whsec_c2hvcnQ="}).status == 422
    assert gitlab.post(f"{APP}/hooks", {"url": receiver.url, "signing_token": "nope"}).status == 400


def test_confidential(gitlab, receiver):  # noqa: F811
    gitlab.sim.control("POST", "/gitlab/webhooks", {"url": receiver.url, "secret": "s"})
    gitlab.post(f"{APP}/issues", {"title": "Secret", "confidential": True})
    got = receiver.next()
    assert got.headers["X-Gitlab-Event"] == "Confidential Issue Hook"
    assert got.json["event_type"] == "confidential_issue"
