# SPDX-License-Identifier: Apache-2.0
"""Shortcut's outgoing webhook: one delivery a change, with actions and the things they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...webhooks import Event
from ...world import Change, Issue

if TYPE_CHECKING:
    from .module import Shortcut

_NAMES = {"title": "name", "description": "description", "type": "story_type"}
_ACTIONS = {"created": "create", "deleted": "delete"}


def events(shortcut: "Shortcut", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    url = f"{shortcut.sim.origin}/shortcut/acme/story/{issue.id}"
    action: dict[str, Any] = {
        "id": int(issue.id),
        "entity_type": "story",
        "action": _ACTIONS.get(kind, "update"),
        "name": issue.title,
        "story_type": issue.type,
        "app_url": url,
    }
    actions = [action]
    references: list[dict[str, Any]] = []
    if kind == "created":
        action |= {"workflow_state_id": int(shortcut.world.status(issue).id)}
    if action["action"] == "update":
        action["changes"] = _changes(shortcut, change, references)
    if kind == "commented":
        row = issue.comments[-1]
        action["changes"] = {"comment_ids": {"adds": [int(row.id)]}}
        comment = {"id": int(row.id), "entity_type": "story-comment", "action": "create", "text": row.body}
        actions = [comment | {"author_id": shortcut.user(row.author).id, "app_url": url}, action]
    body = {
        "id": "",
        "changed_at": f"{change.at:%Y-%m-%dT%H:%M:%S}.{change.at.microsecond // 1000:03d}Z",
        "version": "v1",
        "primary_id": int(issue.id),
        "member_id": shortcut.user(change.author).id,
        "actions": actions,
    }
    if references:
        body["references"] = references
    yield Event(f"story.{action['action']}", body, {"User-Agent": "Shortcut"}, body_id_field="id")


def _changes(shortcut: "Shortcut", change: Change, references: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, before, after in change.items:
        if name == "status":
            rows = [shortcut.world.statuses[text] for text in (after, before)]
            made["workflow_state_id"] = {"new": int(rows[0].id), "old": int(rows[1].id)}
            for row in rows:
                kind = shortcut.type_of(row)
                references.append(
                    {"id": int(row.id), "entity_type": "workflow-state", "name": row.name, "type": kind}
                )
        elif name == "assignees":
            made["owner_ids"] = _sides(
                [shortcut.user(x).id for x in before], [shortcut.user(x).id for x in after]
            )
        elif name == "labels":
            made["label_ids"] = _sides(
                [shortcut.label_id(x) for x in before], [shortcut.label_id(x) for x in after]
            )
        elif name == "links":
            made["external_links"] = _sides([row["url"] for row in before], [row["url"] for row in after])
        elif name in _NAMES:
            made[_NAMES[name]] = {"new": after, "old": before}
    return made


def _sides(before: list[Any], after: list[Any]) -> dict[str, list[Any]]:
    sides = {"adds": [x for x in after if x not in before], "removes": [x for x in before if x not in after]}
    return {name: values for name, values in sides.items() if values}
