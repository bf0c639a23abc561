# SPDX-License-Identifier: Apache-2.0
"""Asana's records whole, and opt_fields that cut them: without it lists are compact and single reads
whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...call import Call
from ...world import Comment, Issue, Project, User

if TYPE_CHECKING:
    from .module import Asana

WORKSPACE = {"gid": "1200000000000001", "resource_type": "workspace", "name": "acme.example"}
COMPACT = ("gid", "resource_type", "name", "resource_subtype")
_STORY = ("gid", "resource_type", "created_at", "created_by", "resource_subtype", "text", "type")
_HOOK = ("gid", "resource_type", "active", "resource", "target")


def stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" if moment else None


def user_record(user: User) -> dict[str, Any]:
    return {
        "gid": user.id,
        "resource_type": "user",
        "name": user.name,
        "email": user.email,
        "photo": None,
        "workspaces": [WORKSPACE],
    }


def compact_user(user: User) -> dict[str, Any]:
    return {"gid": user.id, "resource_type": "user", "name": user.name}


def project_record(project: Project) -> dict[str, Any]:
    return {"gid": project.id, "resource_type": "project", "name": project.name}


def section_record(asana: "Asana", project: Project, name: str) -> dict[str, Any]:
    place = list(asana.world.statuses).index(name)
    return {"gid": f"{int(project.id) + 10 + place}", "resource_type": "section", "name": name}


def tag_record(asana: "Asana", name: str) -> dict[str, Any]:
    return {"gid": asana.tag_gid(name), "resource_type": "tag", "name": name}


def task_record(asana: "Asana", issue: Issue, web: str) -> dict[str, Any]:
    """Everything a task has; the section of its project is what people call its state."""
    project = asana.world.projects[issue.project]
    who = asana.world.users.get(issue.assignees[0]) if issue.assignees else None
    done = asana.world.status(issue).category == "done"
    section = section_record(asana, project, issue.status)
    return {
        "gid": issue.id,
        "resource_type": "task",
        "name": issue.title,
        "resource_subtype": issue.type,
        "assignee": (compact_user(who) | {"email": who.email}) if who else None,
        "assignee_status": "upcoming",
        "completed": done,
        "completed_at": stamp(issue.closed),
        "completed_by": compact_user(asana.user("alice")) if done else None,
        "created_at": stamp(issue.created),
        "created_by": {"gid": asana.user(issue.reporter).id, "resource_type": "user"},
        "due_at": None,
        "due_on": None,
        "followers": [],
        "hearted": False,
        "liked": False,
        "likes": [],
        "memberships": [{"project": project_record(project), "section": section}],
        "modified_at": stamp(issue.updated),
        "notes": issue.description or "",
        "num_hearts": 0,
        "num_likes": 0,
        "num_subtasks": 0,
        "parent": None,
        "permalink_url": f"{web}/0/{project.id}/{issue.id}",
        "projects": [project_record(project)],
        "start_at": None,
        "start_on": None,
        "tags": [tag_record(asana, name) for name in issue.labels],
        "workspace": WORKSPACE,
    }


def story_record(asana: "Asana", issue: Issue, row: Comment) -> dict[str, Any]:
    return {
        "gid": row.id,
        "resource_type": "story",
        "resource_subtype": "comment_added",
        "type": "comment",
        "created_at": stamp(row.created),
        "created_by": compact_user(asana.user(row.author)),
        "text": row.body,
        "html_text": f"<body>{row.body}</body>",
        "is_pinned": False,
        "is_editable": True,
        "is_edited": False,
        "hearted": False,
        "num_hearts": 0,
        "liked": False,
        "num_likes": 0,
        "source": "api",
        "target": {"gid": issue.id, "resource_type": "task", "name": issue.title},
    }


def attachment_record(issue: Issue, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "gid": row["gid"],
        "resource_type": "attachment",
        "name": row["name"],
        "resource_subtype": "external",
        "created_at": row["created_at"],
        "download_url": None,
        "permanent_url": row["url"],
        "view_url": row["url"],
        "host": "external",
        "parent": {"gid": issue.id, "resource_type": "task", "name": issue.title},
        "connected_to_app": False,
    }


_KEPT = {"task": COMPACT, "story": _STORY, "webhook": _HOOK}


def shown(call: Call, record: dict[str, Any], whole: bool) -> dict[str, Any]:
    """The record as opt_fields wants it; gid is always there."""
    asked = call.query.get("opt_fields")
    if asked:
        return _cut(record, [path.removeprefix("this.").split(".") for path in asked])
    if whole:
        return _without_private(record)
    kept = _KEPT.get(record["resource_type"], COMPACT)
    return {name: record[name] for name in kept if name in record}


def _without_private(record: dict[str, Any]) -> dict[str, Any]:
    """Mail addresses inside other records come only when asked for."""
    who = record.get("assignee")
    if isinstance(who, dict):
        record = record | {"assignee": {name: who[name] for name in ("gid", "resource_type", "name")}}
    return record


def _cut(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_cut(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {"gid": value["gid"]} if "gid" in value else {}
    for name in dict.fromkeys(path[0] for path in paths):
        below = [path[1:] for path in paths if path[0] == name and path[1:]]
        if name in value:
            made[name] = _cut(value[name], below) if below else _bare(value[name])
    return made


def _bare(value: Any) -> Any:
    """A nested record without asked fields shows gid and resource_type only."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict) or "gid" not in value:
        return value
    return {name: value[name] for name in ("gid", "resource_type", "resource_subtype") if name in value}
