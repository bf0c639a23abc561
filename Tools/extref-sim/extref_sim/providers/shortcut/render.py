# SPDX-License-Identifier: Apache-2.0
"""Stories, labels and comments as Shortcut shows them."""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue
from .seed import WORKSPACE

if TYPE_CHECKING:
    from .module import Shortcut

LONG_AGO = "2024-01-02T03:04:05Z"


def stamp(moment: datetime | None) -> str | None:
    """Whole seconds: Shortcut shows no fractions."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def web(origin: str) -> str:
    return f"{origin}/shortcut/{WORKSPACE['slug']}"


def story_url(issue: Issue, origin: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-")[:60]
    return f"{web(origin)}/story/{issue.id}/{slug}".rstrip("/")


def global_id(kind: str, id: Any) -> str:
    return f"v2:{kind[0]}:{WORKSPACE['id'][:8]}:{id}"


def label_id(name: str) -> int:
    """A label comes into being with its name: the number follows from it."""
    return 600_000 + zlib.crc32(name.lower().encode()) % 100_000


def label_json(name: str, origin: str) -> dict[str, Any]:
    id = label_id(name)
    return {
        "app_url": f"{web(origin)}/label/{id}",
        "description": None,
        "archived": False,
        "entity_type": "label",
        "color": None,
        "name": name,
        "global_id": global_id("label", id),
        "updated_at": LONG_AGO,
        "external_id": None,
        "id": id,
        "created_at": LONG_AGO,
    }


def _common(shortcut: "Shortcut", issue: Issue, origin: str) -> dict[str, Any]:
    """What all shapes of a story share. Project and team may be left away by whoever made the story."""
    status, project = shortcut.world.status(issue), shortcut.world.projects[issue.project]
    started, done = status.category != "todo", status.extra["type"] == "done"
    return {
        "app_url": story_url(issue, origin),
        "archived": bool(issue.extra.get("archived")),
        "started": started,
        "story_links": [],
        "entity_type": "story",
        "labels": [label_json(name, origin) for name in issue.labels],
        "mention_ids": [],
        "member_mention_ids": [],
        "story_type": issue.type,
        "custom_fields": [],
        "workflow_id": status.extra["workflow"],
        "completed_at_override": None,
        "started_at": stamp(issue.updated) if started else None,
        "completed_at": stamp(issue.closed) if done else None,
        "name": issue.title,
        "global_id": global_id("story", issue.id),
        "completed": done,
        "blocker": False,
        "epic_id": None,
        "story_template_id": None,
        "external_links": [row["url"] for row in issue.links],
        "previous_iteration_ids": [],
        "requested_by_id": shortcut.user(issue.reporter).id,
        "iteration_id": None,
        "label_ids": [label_id(name) for name in issue.labels],
        "started_at_override": None,
        "group_id": issue.extra.get("group_id", project.extra.get("group")),
        "workflow_state_id": int(status.id),
        "updated_at": stamp(issue.updated),
        "group_mention_ids": [],
        "follower_ids": [],
        "owner_ids": [shortcut.user(login).id for login in issue.assignees],
        "external_id": issue.extra.get("external_id"),
        "id": int(issue.id),
        "estimate": issue.extra.get("estimate"),
        "position": int(issue.id) * 65536,
        "blocked": False,
        "project_id": issue.extra.get("project_id", int(project.id)),
        "deadline": issue.extra.get("deadline"),
        "stats": {"num_related_documents": 0},
        "created_at": stamp(issue.created),
        "moved_at": issue.extra.get("moved_at", stamp(issue.created)),
    }


def story_json(shortcut: "Shortcut", issue: Issue, origin: str) -> dict[str, Any]:
    return _common(shortcut, issue, origin) | {
        "description": issue.description or "",
        "linked_files": [],
        "comments": [comment_json(shortcut, issue, row, origin) for row in issue.comments],
        "branches": [],
        "tasks": [],
        "pull_requests": [],
        "commits": [],
        "files": [],
    }


def slim_json(shortcut: "Shortcut", issue: Issue, origin: str, described: bool = False) -> dict[str, Any]:
    made = _common(shortcut, issue, origin) | {
        "task_ids": [],
        "file_ids": [],
        "num_tasks_completed": 0,
        "linked_file_ids": [],
        "comment_ids": [int(row.id) for row in issue.comments],
    }
    return made | ({"description": issue.description or ""} if described else {})


def comment_json(shortcut: "Shortcut", issue: Issue, row: Comment, origin: str) -> dict[str, Any]:
    return {
        "app_url": f"{web(origin)}/story/{issue.id}#activity-{row.id}",
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
        "position": issue.comments.index(row) + 1,
        "reactions": [],
        "created_at": stamp(row.created),
        "text": row.body,
    }
