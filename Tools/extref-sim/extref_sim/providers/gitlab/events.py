# SPDX-License-Identifier: Apache-2.0
"""GitLab's webhooks: Issue Hook, Confidential Issue Hook and Note Hook."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Iterable

from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project
from .render import BORN, label_json, stamp, state_of, web_url

if TYPE_CHECKING:
    from .module import GitLab

_STATE_IDS = {"opened": 1, "closed": 2}


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
                "created_at": _old(note.created),
                "updated_at": _old(note.updated),
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
            body = _body(gitlab, issue, change, "note")
            body |= {"project_id": body["project"]["id"], "object_attributes": shown}
            body["issue"] = _attributes(gitlab, issue)
            yield _event(gitlab, "Note Hook", body)
        return
    event = "confidential_issue" if secret else "issue"
    body = _body(gitlab, issue, change, event) | {"object_kind": "issue"}
    body["object_attributes"] = _attributes(gitlab, issue) | {"action": _action(gitlab, kind, change)}
    body |= {"assignees": _people(gitlab, issue), "labels": _labels(gitlab, issue, issue.labels)}
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


def _old(moment: datetime) -> str:
    """`2017-09-15 16:50:55 UTC`: the dates inside `changes` and notes."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _body(gitlab: "GitLab", issue: Issue, change: Change, kind: str) -> dict[str, Any]:
    user, project = gitlab.user(change.author), gitlab.world.projects[issue.project]
    shown = {
        "id": int(user.id),
        "name": user.name,
        "username": user.login,
        "avatar_url": f"{gitlab.hook_web}/uploads/user/avatar/{user.id}/a.png",
        "email": "[REDACTED]",
    }
    own = f"{gitlab.hook_web}/{project.key}"
    git = f"git@gitlab.example:{project.key}.git"
    return {
        "object_kind": kind,
        "event_type": kind,
        "user": shown,
        "project": _project(project, own, git),
        "repository": {"name": project.name, "url": git, "description": None, "homepage": own},
    }


def _project(project: Project, own: str, git: str) -> dict[str, Any]:
    return {
        "id": int(project.id),
        "name": project.name,
        "description": None,
        "web_url": own,
        "avatar_url": None,
        "git_ssh_url": git,
        "git_http_url": f"{own}.git",
        "namespace": project.key.rpartition("/")[0],
        "visibility_level": 20 if project.extra.get("public") else 0,
        "path_with_namespace": project.key,
        "default_branch": "main",
        "ci_config_path": None,
        "homepage": own,
        "url": git,
        "ssh_url": git,
        "http_url": f"{own}.git",
    }


def _attributes(gitlab: "GitLab", issue: Issue) -> dict[str, Any]:
    state = state_of(gitlab, issue)
    ids = [int(gitlab.user(login).id) for login in issue.assignees]
    return {
        "author_id": int(gitlab.user(issue.reporter).id),
        "closed_at": stamp(issue.closed),
        "confidential": bool(issue.extra.get("confidential")),
        "created_at": stamp(issue.created),
        "description": issue.description or "",
        "discussion_locked": None,
        "due_date": None,
        "id": int(issue.id),
        "iid": issue.number,
        "last_edited_at": None,
        "last_edited_by_id": None,
        "milestone_id": None,
        "moved_to_id": int(issue.moved_to) if issue.moved_to else None,
        "duplicated_to_id": None,
        "project_id": int(gitlab.world.projects[issue.project].id),
        "relative_position": 513,
        "state_id": _STATE_IDS[state],
        "time_estimate": 0,
        "title": issue.title,
        "updated_at": stamp(issue.updated),
        "updated_by_id": None,
        "type": issue.type.capitalize(),
        "url": web_url(issue, gitlab.hook_web),
        "total_time_spent": 0,
        "time_change": 0,
        "human_total_time_spent": None,
        "human_time_change": None,
        "human_time_estimate": None,
        "assignee_ids": ids,
        "assignee_id": ids[0] if ids else None,
        "labels": _labels(gitlab, issue, issue.labels),
        "state": state,
        "severity": "unknown",
    }


def _labels(gitlab: "GitLab", issue: Issue, names: list[str]) -> list[dict[str, Any]]:
    project = gitlab.world.projects[issue.project]
    rows = [label_json(project, name) for name in names]
    return [
        {
            "id": row["id"],
            "title": row["name"],
            "color": row["color"],
            "project_id": int(project.id),
            "created_at": BORN,
            "updated_at": BORN,
            "template": False,
            "description": None,
            "type": "ProjectLabel",
            "group_id": None,
        }
        for row in rows
    ]


def _people(gitlab: "GitLab", issue: Issue) -> list[dict[str, Any]]:
    users = [gitlab.user(login) for login in issue.assignees]
    return [
        {
            "id": int(user.id),
            "name": user.name,
            "username": user.login,
            "avatar_url": f"{gitlab.hook_web}/uploads/user/avatar/{user.id}/a.png",
            "email": "[REDACTED]",
        }
        for user in users
    ]


def _changes(gitlab: "GitLab", issue: Issue, change: Change) -> dict[str, Any]:
    made: dict[str, Any] = {"updated_at": {"previous": _old(issue.created), "current": _old(change.at)}}
    for name, before, after in change.items:
        if name in ("title", "description"):
            made[name] = {"previous": before, "current": after}
        elif name == "labels":
            labels = {"previous": before, "current": after}
            made[name] = {side: _labels(gitlab, issue, names) for side, names in labels.items()}
        elif name == "status":
            ids = [_state_id(gitlab, text) for text in (before, after)]
            made |= {"state_id": {"previous": ids[0], "current": ids[1]}} if ids[0] != ids[1] else {}
        elif name == "moved_to":
            made["moved_to_id"] = {"previous": None, "current": int(after)}
        elif name == "assignees":
            made["assignees"] = {"previous": [], "current": _people(gitlab, issue)}
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
