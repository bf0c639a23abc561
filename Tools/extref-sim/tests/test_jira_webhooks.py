# SPDX-License-Identifier: Apache-2.0
"""Jira's webhooks: signed admin ones, unsigned dynamic ones, the recorded shapes."""

from __future__ import annotations

from conftest import basic
from hook_receiver import Receiver

from extref_sim.providers.jira.catalogue import CLOUD_ID

GOOD = basic("alice@example.net", "jira-good-token")
OAUTH = {"Authorization": "Bearer jira-oauth-good-token"}
HOOKS = f"/atlassian/ex/jira/{CLOUD_ID}/rest/api/3/webhook"


def test_admin_webhooks_are_signed_and_shaped_as_recorded(sim):
    with Receiver() as receiver:
        sim.control("POST", "/jira/webhooks", {"url": receiver.url, "secret": "s3cr3t"})
        sim.control("PATCH", "/jira/issues/TES-1", {"status": "In Progress"})
        got = receiver.next()
        assert got.signed_by("s3cr3t", "X-Hub-Signature")
        assert got.headers["X-Atlassian-Webhook-Identifier"]
        body = got.json
        assert (body["webhookEvent"], body["issue_event_type_name"]) == (
            "jira:issue_updated",
            "issue_generic",
        )
        assert body["issue"]["fields"]["status"]["statusCategory"]["key"] == "indeterminate"
        assert "/rest/api/2/issue/" in body["issue"]["self"]
        item = next(row for row in body["changelog"]["items"] if row["field"] == "status")
        assert (item["fromString"], item["toString"]) == ("To Do", "In Progress")


def test_each_kind_of_change_has_its_event(sim):
    with Receiver() as receiver:
        sim.control("POST", "/jira/webhooks", {"url": receiver.url, "secret": "s"})
        sim.control("POST", "/jira/issues", {"project": "TES"})
        sim.control("POST", "/jira/issues/TES-1/comments", {"body": "hi"})
        sim.control("POST", "/jira/issues/TES-1/move", {"to": "OPS"})
        sim.control("DELETE", "/jira/issues/TES-2")
        created, commented, moved, deleted = (receiver.next().json for _ in range(4))
    assert created["webhookEvent"] == "jira:issue_created"
    assert commented["webhookEvent"] == "comment_created"
    assert "updated" not in commented["issue"]["fields"]
    assert [row["toString"] for row in moved["changelog"]["items"] if row["field"] == "Key"] == ["OPS-2"]
    assert deleted["webhookEvent"] == "jira:issue_deleted"
    assert "changelog" not in deleted


def test_corrupt_and_repeated_deliveries(sim):
    with Receiver() as receiver:
        sim.control(
            "POST", "/jira/webhooks", {"url": receiver.url, "secret": "s", "corrupt": True, "copies": 2}
        )
        sim.control("PATCH", "/jira/issues/TES-1", {"title": "x"})
        first, second = receiver.next(), receiver.next()
        assert not first.signed_by("s", "X-Hub-Signature")
        assert (
            first.headers["X-Atlassian-Webhook-Identifier"]
            == second.headers["X-Atlassian-Webhook-Identifier"]
        )


def test_bursts_are_paced_and_counted(sim):
    with Receiver() as receiver:
        sim.control("POST", "/jira/webhooks", {"url": receiver.url, "secret": "s"})
        sim.control("POST", "/jira/webhooks/burst", {"count": 12, "per_second": 200})
        assert len({receiver.next().json["issue"]["key"] for _ in range(12)}) == 5
        assert receiver.none_left()
    shown = sim.control("GET", "/jira/webhooks")
    assert (len(shown["deliveries"]), {row["status"] for row in shown["deliveries"]}) == (12, {200})


def test_dynamic_webhooks_filter_and_expire(sim):
    with Receiver() as receiver:
        order = {
            "url": receiver.url,
            "webhooks": [
                {"events": ["jira:issue_updated"], "jqlFilter": "project = TES"},
                {"events": ["jira:issue_updated"], "jqlFilter": "updated > -1d"},
            ],
        }
        made = sim.ask("POST", HOOKS, order, OAUTH).json["webhookRegistrationResult"]
        assert ("createdWebhookId" in made[0], "errors" in made[1]) == (True, True)
        sim.control("PATCH", "/jira/issues/OPS-1", {"title": "not asked for"})
        sim.control("POST", "/jira/issues", {"project": "TES"})
        sim.control("PATCH", "/jira/issues/TES-1", {"title": "asked for"})
        assert receiver.next().json["issue"]["key"] == "TES-1"
        sim.control("POST", "/clock", {"advance_seconds": 31 * 24 * 3600})
        sim.control("PATCH", "/jira/issues/TES-1", {"title": "too late"})
        assert receiver.none_left()
        sim.control("POST", "/jira/credentials", {"secret": "jira-oauth-good-token"})
        number = made[0]["createdWebhookId"]
        assert "expirationDate" in sim.ask("PUT", HOOKS + "/refresh", {"webhookIds": [number]}, OAUTH).json
        assert sim.ask("GET", HOOKS, headers=OAUTH).json["total"] == 1
        assert sim.ask("DELETE", HOOKS, {"webhookIds": [number]}, OAUTH).status == 202


def test_dynamic_webhooks_are_for_apps(sim):
    assert sim.ask("GET", "/jira/rest/api/3/webhook", headers=GOOD).status == 403
