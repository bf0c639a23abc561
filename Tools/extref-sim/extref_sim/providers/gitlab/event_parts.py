# SPDX-License-Identifier: Apache-2.0
"""The parts of GitLab's webhook bodies: project, attributes, labels, people, and their older kind of
dates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Change, Issue, Project
from .render import BORN, label_json, stamp, state_of, web_url

if TYPE_CHECKING:
    from .module import GitLab

_STATE_IDS = {"opened": 1, "closed": 2}


def old_stamp(moment: datetime) -> str:
    """`2017-09-15 16:50:55 UTC`: the dates inside `changes` and notes."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def common_body(gitlab: "GitLab", issue: Issue, change: Change, kind: str) -> dict[str, Any]:
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


def attributes(gitlab: "GitLab", issue: Issue) -> dict[str, Any]:
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
        "labels": label_rows(gitlab, issue, issue.labels),
        "state": state,
        "severity": "unknown",
    }


def label_rows(gitlab: "GitLab", issue: Issue, names: list[str]) -> list[dict[str, Any]]:
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


def people_rows(gitlab: "GitLab", issue: Issue) -> list[dict[str, Any]]:
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
