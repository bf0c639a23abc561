# SPDX-License-Identifier: Apache-2.0
"""Webhooks: the receiver must echo a secret before the hook exists; events name things and show nothing of
them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...answers import Answer, json_answer
from ...call import Call
from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .render import WORKSPACE, section_record, shown, stamp

if TYPE_CHECKING:
    from .module import Asana

_FIELDS = {
    "title": "name",
    "description": "notes",
    "status": "completed",
    "assignees": "assignee",
    "labels": "tags",
}


async def create(asana: "Asana", call: Call) -> Answer:
    """201 only after the handshake; the answer repeats the secret."""
    data = call.body.get("data") or {}
    for name in ("resource", "target"):
        if not data.get(name):
            raise asana.refuse(400, f"{name}: Missing input")
    target = str(data["target"])
    if not target.startswith(("http://", "https://")):
        raise asana.refuse(400, f"target: Invalid URL: {target}")
    resource = _resource(asana, str(data["resource"]))
    secret = f"{asana.random.getrandbits(256):064x}"
    status, headers = await asana.sim.hooks.handshake(target, {"X-Hook-Secret": secret}, {})
    if status not in (200, 204) or headers.get("x-hook-secret") != secret:
        text = "The remote server which is intended to receive the webhook did not respond with the "
        text += "handshake secret."
        raise asana.refuse(400, text)
    gid = str(asana.world.next_number("webhook", 1200000000007001))
    extra = {
        "gid": gid,
        "resource": resource,
        "filters": data.get("filters") or [],
        "at": stamp(asana.clock.now()),
    }
    row = asana.sim.hooks.add(asana.name, target, secret, "asana", extra=extra)
    return json_answer({"data": shown(call, _record(row), True), "X-Hook-Secret": secret}, 201)


def _resource(asana: "Asana", gid: str) -> dict[str, Any]:
    """A project, a task or the workspace."""
    if gid == WORKSPACE["gid"]:
        return dict(WORKSPACE)
    project = next((row for row in asana.world.projects.values() if row.id == gid and row.visible), None)
    if project is not None:
        return {"gid": gid, "resource_type": "project", "name": project.name}
    issue = asana.world.seen(gid)
    if issue is None:
        raise asana.refuse(404, f"resource: Unknown object: {gid}")
    return {"gid": gid, "resource_type": "task", "name": issue.title}


def _record(row: Subscription) -> dict[str, Any]:
    return {
        "gid": row.extra["gid"],
        "resource_type": "webhook",
        "active": True,
        "resource": row.extra["resource"],
        "target": row.url,
        "created_at": row.extra["at"],
        "filters": row.extra["filters"],
    }


def _rows(asana: "Asana") -> list[Subscription]:
    return [row for row in asana.sim.hooks.of(asana.name) if "gid" in row.extra]


def listed(asana: "Asana", call: Call) -> Answer:
    wanted = call.query.get("resource")
    rows = [row for row in _rows(asana) if wanted in (None, row.extra["resource"]["gid"])]
    return asana.page(call, rows, _record)


def _found(asana: "Asana", call: Call) -> Subscription:
    asked = call.params["webhook_gid"]
    found = next((row for row in _rows(asana) if row.extra["gid"] == asked), None)
    if found is None:
        raise asana.refuse(404, f"webhook: Unknown object: {asked}")
    return found


def show(asana: "Asana", call: Call) -> Answer:
    return asana.record(call, _record(_found(asana, call)))


def delete(asana: "Asana", call: Call) -> Answer:
    asana.sim.hooks.remove(_found(asana, call).id)
    return json_answer({"data": {}})


# -- Events ----------------------------------------------------------------------------------------------


def events(asana: "Asana", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    """Compact: what changed, never to what. The receiver asks for the task again."""
    task = {"gid": issue.id, "resource_type": "task", "resource_subtype": issue.type}
    project = {"gid": asana.world.projects[issue.project].id, "resource_type": "project"}
    rows: list[dict[str, Any]] = []
    if kind == "created":
        rows = [{"action": "added", "resource": task, "parent": project}]
    elif kind == "deleted":
        rows = [{"action": "deleted", "resource": task, "parent": None}]
    elif kind == "commented":
        story = {"gid": issue.comments[-1].id, "resource_type": "story", "resource_subtype": "comment_added"}
        rows = [{"action": "added", "resource": story, "parent": task}]
    else:
        for name, before, after in change.items:
            field = _FIELDS.get(name)
            if field and before != after:
                changed = {"field": field, "action": "changed"}
                rows.append({"action": "changed", "resource": task, "parent": None, "change": changed})
            if name == "status":
                section = section_record(asana, asana.world.projects[issue.project], after)
                rows.append({"action": "added", "resource": task, "parent": section})
        rows = rows or [{"action": "changed", "resource": task, "parent": None}]
    user = {"gid": asana.user(change.author).id, "resource_type": "user"}
    yield Event(kind, {"events": [{"user": user, "created_at": stamp(change.at), **row} for row in rows]})


def wants(asana: "Asana", row: Subscription, issue: Issue, event: Event) -> bool:
    resource = row.extra.get("resource")
    if resource is None:
        return True
    project = asana.world.projects[issue.project].id
    if resource["gid"] not in (issue.id, project, WORKSPACE["gid"]):
        return False
    filters = row.extra["filters"]
    return not filters or any(_passes(rule, item) for rule in filters for item in event.body["events"])


def _passes(rule: dict[str, Any], item: dict[str, Any]) -> bool:
    fields = rule.get("fields")
    return (
        rule.get("resource_type") in (None, item["resource"]["resource_type"])
        and rule.get("action") in (None, item["action"])
        and (not fields or item.get("change", {}).get("field") in fields)
    )
