# SPDX-License-Identifier: Apache-2.0
"""Linear's webhooks: issues and comments, with what the changed properties were before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...webhooks import Event
from ...world import Change, Issue
from .nodes import label_node, organization_node, stamp, webhook_issue

if TYPE_CHECKING:
    from .module import Linear


def events(linear: "Linear", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    headers = {"Linear-Delivery": "{delivery}", "User-Agent": "Linear-Webhook"}
    if kind == "commented":
        body = _comment_event(linear, issue, change)
        yield Event("Comment", body, {"Linear-Event": "Comment", **headers}, finish=_timed)
        return
    action = {"created": "create", "deleted": "remove"}.get(kind, "update")
    body = {
        "action": action,
        "type": "Issue",
        "createdAt": stamp(change.at),
        "data": webhook_issue(linear, issue, linear.sim.origin),
        "url": linear.issue_url(issue, linear.sim.origin),
        "organizationId": organization_node()["id"],
        "webhookId": "22222222-2222-4222-8222-222222222222",
    }
    if action == "update":
        body["updatedFrom"] = _updated_from(linear, change)
    body["actor"] = _actor(linear, change)
    yield Event("Issue", body, {"Linear-Event": "Issue", **headers}, finish=_timed)


def _updated_from(linear: "Linear", change: Change) -> dict[str, Any]:
    """What the changed properties were, by Linear's names: ids, not texts."""
    made: dict[str, Any] = {"updatedAt": stamp(change.at)}
    for name, before, _ in change.items:
        if name == "status":
            made["stateId"] = linear.world.statuses[before].id
        elif name == "assignees":
            user = linear.world.users.get(before[0]) if before else None
            made["assigneeId"] = user.id if user else None
        elif name == "labels":
            made["labelIds"] = [label_node(text)["id"] for text in before]
        elif name == "project":
            team = linear.world.project(before)
            made["teamId"] = team.id if team else None
        elif name in ("title", "description"):
            made[name] = before
        elif name == "priority":
            made["priority"] = int(before or 0)
    return made


def _actor(linear: "Linear", change: Change) -> dict[str, Any]:
    user = linear.world.users.get(change.author) or linear.world.users["alice"]
    url = f"{linear.sim.origin}/linear/profiles/{user.login}"
    return {"id": user.id, "type": "user", "name": user.name, "email": user.email, "url": url}


def _comment_event(linear: "Linear", issue: Issue, change: Change) -> dict[str, Any]:
    row = issue.comments[-1]
    data = {
        "id": row.id,
        "createdAt": stamp(row.created),
        "updatedAt": stamp(row.updated),
        "archivedAt": None,
        "body": row.body,
        "edited": False,
        "issueId": issue.id,
        "userId": _actor(linear, change)["id"],
    }
    return {
        "action": "create",
        "type": "Comment",
        "createdAt": stamp(change.at),
        "data": data,
        "url": f"{linear.issue_url(issue, linear.sim.origin)}#comment-{row.id}",
        "actor": _actor(linear, change),
        "organizationId": organization_node()["id"],
        "webhookId": "22222222-2222-4222-8222-222222222222",
    }


def _timed(body: dict[str, Any], subscription: Any, delivery: str, epoch: float) -> dict[str, Any]:
    """The signed body says when it was sent, so that receivers can refuse old ones."""
    own = {"webhookId": subscription.extra["id"]} if "id" in subscription.extra else {}
    return {**body, **own, "webhookTimestamp": int(epoch * 1000)}
