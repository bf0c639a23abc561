# SPDX-License-Identifier: Apache-2.0
"""GitLab's webhooks: Issue Hook, Confidential Issue Hook and Note Hook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .event_parts import attributes, common_body, label_rows, old_stamp, people_rows
from .render import web_url

if TYPE_CHECKING:
    from .module import GitLab


def events(gitlab: "GitLab", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    """One event a change. A deleted issue tells nobody: GitLab has no such event."""
    if kind == "deleted":
        return
    secret = bool(issue.extra.get("confidential"))
    if kind == "commented":
        note = next((row for row in issue.comments if row.id == change.items[0][2]), None)
        if note is not None:
            shown = {
                "id": int(note.id),
                "note": note.body,
                "noteable_type": "Issue",
                "author_id": int(gitlab.user(note.author).id),
                "created_at": old_stamp(note.created),
                "updated_at": old_stamp(note.updated),
                "project_id": int(gitlab.world.projects[issue.project].id),
                "attachment": None,
                "line_code": None,
                "commit_id": None,
                "noteable_id": int(issue.id),
                "system": False,
                "st_diff": None,
                "description": note.body,
                "internal": False,
                "action": "create",
                "url": f"{web_url(issue, gitlab.hook_web)}#note_{note.id}",
            }
            body = common_body(gitlab, issue, change, "note")
            body |= {"project_id": body["project"]["id"], "object_attributes": shown}
            body["issue"] = attributes(gitlab, issue)
            yield _event(gitlab, "Note Hook", body)
        return
    event = "confidential_issue" if secret else "issue"
    body = common_body(gitlab, issue, change, event) | {"object_kind": "issue"}
    body["object_attributes"] = attributes(gitlab, issue) | {"action": _action(gitlab, kind, change)}
    body |= {"assignees": people_rows(gitlab, issue), "labels": label_rows(gitlab, issue, issue.labels)}
    body["changes"] = _changes(gitlab, issue, change) if kind != "created" else {}
    if body["assignees"]:
        body["assignee"] = body["assignees"][0]
    yield _event(gitlab, "Confidential Issue Hook" if secret else "Issue Hook", body)


def _event(gitlab: "GitLab", name: str, body: dict[str, Any]) -> Event:
    headers = {
        "X-Gitlab-Event": name,
        "X-Gitlab-Event-UUID": "{delivery}",
        "X-Gitlab-Webhook-UUID": "5a7c9e10-0000-4000-8000-000000000001",
        "X-Gitlab-Instance": gitlab.hook_web,
        "Idempotency-Key": "{delivery}",
        "User-Agent": f"GitLab/{gitlab.settings['version']}",
    }
    return Event(name, body, headers)


def _action(gitlab: "GitLab", kind: str, change: Change) -> str:
    if kind == "created":
        return "open"
    for name, before, after in change.items:
        ends = (
            [gitlab.world.statuses[text].category in ("done", "canceled") for text in (before, after)]
            if (name == "status")
            else [False, False]
        )
        if ends[0] != ends[1]:
            return "close" if ends[1] else "reopen"
    return "update"


def _changes(gitlab: "GitLab", issue: Issue, change: Change) -> dict[str, Any]:
    made: dict[str, Any] = {
        "updated_at": {"previous": old_stamp(issue.created), "current": old_stamp(change.at)}
    }
    for name, before, after in change.items:
        if name in ("title", "description"):
            made[name] = {"previous": before, "current": after}
        elif name == "labels":
            labels = {"previous": before, "current": after}
            made[name] = {side: label_rows(gitlab, issue, names) for side, names in labels.items()}
        elif name == "status":
            ids = [_state_id(gitlab, text) for text in (before, after)]
            made |= {"state_id": {"previous": ids[0], "current": ids[1]}} if ids[0] != ids[1] else {}
        elif name == "moved_to":
            made["moved_to_id"] = {"previous": None, "current": int(after)}
        elif name == "assignees":
            made["assignees"] = {"previous": [], "current": people_rows(gitlab, issue)}
    return made


def _state_id(gitlab: "GitLab", status: str) -> int:
    return 2 if gitlab.world.statuses[status].category in ("done", "canceled") else 1


def wants(gitlab: "GitLab", row: Subscription, issue: Issue, event: Event) -> bool:
    """Hooks made by the API are for one project and the events that were switched on."""
    chosen = row.extra.get("events")
    if chosen is None:
        return True
    switches = {
        "Issue Hook": "issues_events",
        "Confidential Issue Hook": "confidential_issues_events",
        "Note Hook": "note_events",
    }
    same = gitlab.world.projects[issue.project].id == row.extra["project"]
    return same and bool(chosen[switches[event.name]])
