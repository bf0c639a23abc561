# SPDX-License-Identifier: Apache-2.0
"""Outgoing webhooks: registered by API, one message per change with its actions and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .render import comment_json, label_id, stamp, story_url

if TYPE_CHECKING:
    from .module import Shortcut

_RENAMED = {"title": "name", "type": "story_type", "description": "description"}
_SAME = ("archived", "estimate", "deadline", "group_id", "external_id")


def events(shortcut: "Shortcut", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    action = {
        "id": int(issue.id),
        "entity_type": "story",
        "action": {"created": "create", "deleted": "delete"}.get(kind, "update"),
        "name": issue.title,
        "story_type": issue.type,
        "app_url": story_url(issue, shortcut.sim.origin),
    }
    actions, references = [action], []
    if action["action"] == "update":
        action["changes"], references = _changes(shortcut, change)
    if kind == "commented":
        row = comment_json(shortcut, issue, issue.comments[-1], shortcut.sim.origin)
        told = {name: row[name] for name in ("id", "entity_type", "author_id", "app_url", "text")}
        actions = [told | {"action": "create"}, action]
        action["changes"] = {"comment_ids": {"adds": [row["id"]]}}
    if action["action"] == "create":
        state = shortcut.world.status(issue)
        action |= {"workflow_state_id": int(state.id), "project_id": issue.extra.get(
            "project_id", int(shortcut.world.projects[issue.project].id))}
        references = [{"id": int(state.id), "entity_type": "workflow-state", "name": state.name}]
    body = {
        "id": "",
        "changed_at": stamp(change.at),
        "version": "v1",
        "primary_id": actions[0]["id"],
        "member_id": shortcut.user(change.author).id,
        "actions": actions,
        "references": references,
    }
    yield Event(f"story-{kind}", body, body_id_field="id")


def _changes(shortcut: "Shortcut", change: Change) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Single values as old and new, sets as adds and removes."""
    told: dict[str, Any] = {}
    references: list[dict[str, Any]] = []
    sets = {
        "assignees": ("owner_ids", lambda login: shortcut.user(login).id),
        "labels": ("label_ids", label_id),
        "links": ("external_links", lambda row: row["url"]),
    }
    for name, before, after in change.items:
        if name == "status":
            old, new = shortcut.world.statuses[before], shortcut.world.statuses[after]
            told["workflow_state_id"] = {"new": int(new.id), "old": int(old.id)}
            references += [
                {"id": int(row.id), "entity_type": "workflow-state", "name": row.name} for row in (new, old)
            ]
            for word, fits in (("completed", lambda row: row.extra["type"] == "done"),
                               ("started", lambda row: row.category != "todo")):
                if fits(old) != fits(new):
                    told[word] = {"new": fits(new), "old": fits(old)}
        elif name == "project":
            ids = [int(shortcut.world.projects[key].id) for key in (before, after)]
            told["project_id"] = {"new": ids[1], "old": ids[0]}
        elif name in sets:
            theirs, of = sets[name]
            old_ids, new_ids = [of(row) for row in before], [of(row) for row in after]
            sides = {"adds": [row for row in new_ids if row not in old_ids],
                     "removes": [row for row in old_ids if row not in new_ids]}
            told[theirs] = {side: rows for side, rows in sides.items() if rows}
        elif name in _RENAMED or name in _SAME:
            told[_RENAMED.get(name, name)] = {"new": after, "old": before}
    return told, references


def create(shortcut: "Shortcut", call: Call) -> Answer:
    url, secret = call.body["webhook_url"], call.body.get("secret", "")
    if not url.startswith(("http://", "https://")):
        raise shortcut.refuse(400, shortcut.MISMATCH, errors={"webhook_url": "invalid"})
    scheme = "shortcut" if secret else "none"
    made = {"at": stamp(shortcut.clock.now())}
    row = shortcut.sim.hooks.add(shortcut.name, url, secret, scheme, extra=made)
    return json_answer(_shown(shortcut, row), 201)


def listed(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer([_shown(shortcut, row) for row in shortcut.sim.hooks.of(shortcut.name)])


def show(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer(_shown(shortcut, _found(shortcut, call)))


def delete(shortcut: "Shortcut", call: Call) -> Answer:
    shortcut.sim.hooks.remove(_found(shortcut, call).id)
    return empty_answer()


def _found(shortcut: "Shortcut", call: Call) -> Subscription:
    wanted = call.params["integration-public-id"]
    for row in shortcut.sim.hooks.of(shortcut.name):
        if str(row.id) == wanted:
            return row
    raise shortcut.refuse(404, "Resource not found.")


def _shown(shortcut: "Shortcut", row: Subscription) -> dict[str, Any]:
    """The secret is never shown again."""
    at = row.extra.get("at", stamp(shortcut.clock.now()))
    return {
        "entity_type": "integration",
        "webhook_url": row.url,
        "disabled": False,
        "type": "generic",
        "creator_id": shortcut.user("alice").id,
        "updated_at": at,
        "id": row.id,
        "has_secret": bool(row.secret),
        "created_at": at,
    }
