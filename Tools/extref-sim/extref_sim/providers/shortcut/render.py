# SPDX-License-Identifier: Apache-2.0
"""Shortcut's JSON. Stories come whole from the single read and slim from lists."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue

if TYPE_CHECKING:
    from .module import Shortcut

WORKFLOW_ID, BORN = 500000005, "2024-01-02T03:04:05Z"
WORKSPACE = "v2:s:5f0e"


def stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def label_json(shortcut: "Shortcut", name: str, web: str) -> dict[str, Any]:
    id = shortcut.label_id(name)
    return {
        "app_url": f"{web}/acme/label/{id}",
        "description": None,
        "archived": False,
        "entity_type": "label",
        "color": "#cc5856",
        "name": name,
        "global_id": f"{WORKSPACE}:l:{id}",
        "updated_at": BORN,
        "external_id": None,
        "id": id,
        "created_at": BORN,
    }


def _shared(shortcut: "Shortcut", issue: Issue, web: str) -> dict[str, Any]:
    """What whole and slim stories have in common."""
    status = shortcut.world.status(issue)
    started = status.category in ("in_progress", "done")
    project = shortcut.world.projects[issue.project]
    number = int(issue.id)
    return {
        "app_url": f"{web}/acme/story/{number}",
        "archived": bool(issue.extra.get("archived")),
        "started": started,
        "story_links": [],
        "entity_type": "story",
        "labels": [label_json(shortcut, name, web) for name in issue.labels],
        "label_ids": [shortcut.label_id(name) for name in issue.labels],
        "mention_ids": [],
        "member_mention_ids": [],
        "group_mention_ids": [],
        "story_type": issue.type,
        "workflow_id": WORKFLOW_ID,
        "completed_at_override": None,
        "started_at_override": None,
        "started_at": stamp(issue.updated) if started else None,
        "completed_at": stamp(issue.closed),
        "completed": status.category == "done",
        "name": issue.title,
        "global_id": f"{WORKSPACE}:s:{number}",
        "blocker": False,
        "blocked": False,
        "epic_id": None,
        "story_template_id": None,
        "external_links": [row["url"] for row in issue.links],
        "previous_iteration_ids": [],
        "iteration_id": None,
        "requested_by_id": shortcut.user(issue.reporter).id,
        "group_id": None,
        "workflow_state_id": int(status.id),
        "follower_ids": [],
        "owner_ids": [shortcut.user(login).id for login in issue.assignees],
        "external_id": issue.extra.get("external_id"),
        "id": number,
        "estimate": None,
        "position": number * 1000,
        "project_id": None if project.extra.get("none") else int(project.id),
        "deadline": None,
        "stats": {"num_related_documents": 0},
        "created_at": stamp(issue.created),
        "updated_at": stamp(issue.updated),
        "moved_at": None,
    }


def story_json(shortcut: "Shortcut", issue: Issue, web: str) -> dict[str, Any]:
    return _shared(shortcut, issue, web) | {
        "description": issue.description or "",
        "linked_files": [],
        "files": [],
        "tasks": [],
        "branches": [],
        "pull_requests": [],
        "commits": [],
        "comments": [comment_json(shortcut, issue, row, web) for row in issue.comments],
    }


def slim_json(shortcut: "Shortcut", issue: Issue, web: str, described: bool = False) -> dict[str, Any]:
    made = _shared(shortcut, issue, web) | {
        "task_ids": [],
        "file_ids": [],
        "linked_file_ids": [],
        "num_tasks_completed": 0,
        "comment_ids": [int(row.id) for row in issue.comments],
    }
    return made | ({"description": issue.description or ""} if described else {})


def comment_json(shortcut: "Shortcut", issue: Issue, row: Comment, web: str) -> dict[str, Any]:
    return {
        "app_url": f"{web}/acme/story/{issue.id}#activity-{row.id}",
        "entity_type": "story-comment",
        "deleted": False,
        "story_id": int(issue.id),
        "mention_ids": [],
        "author_id": shortcut.user(row.author).id,
        "member_mention_ids": [],
        "linked_to_slack": False,
        "updated_at": stamp(row.updated),
        "group_mention_ids": [],
        "external_id": None,
        "id": int(row.id),
        "position": int(row.id),
        "reactions": [],
        "created_at": stamp(row.created),
        "text": row.body,
    }


def is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
