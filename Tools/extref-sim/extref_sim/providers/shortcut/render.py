# SPDX-License-Identifier: Apache-2.0
"""Stories, members, workflows, projects and teams as Shortcut shows them."""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue, Project, User
from .seed import STATES, WORKFLOWS, WORKSPACE, first_state

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


def member_json(shortcut: "Shortcut", user: User) -> dict[str, Any]:
    groups = [row.extra["group"] for row in shortcut.seen_projects()]
    return {
        "role": user.extra.get("role", "member"),
        "entity_type": "member",
        "disabled": False,
        "global_id": global_id("member", user.id),
        "state": "full",
        "updated_at": LONG_AGO,
        "created_without_invite": False,
        "group_ids": groups,
        "id": user.id,
        "profile": {
            "entity_type": "profile",
            "deactivated": False,
            "mention_name": user.login,
            "name": user.name,
            "gravatar_hash": None,
            "id": user.id,
            "display_icon": None,
            "is_owner": user.login == "alice",
            "email_address": user.email,
        },
        "created_at": LONG_AGO,
    }


def me_json(user: User, role: str) -> dict[str, Any]:
    return {
        "id": user.id,
        "is_owner": user.login == "alice",
        "mention_name": user.login,
        "name": user.name,
        "role": role,
        "workspace2": {
            "id": WORKSPACE["id"],
            "created_at": LONG_AGO,
            "default_workflow_id": next(iter(WORKFLOWS)),
            "estimate_scale": [0, 1, 2, 4, 8],
            "name": WORKSPACE["name"],
            "url_slug": WORKSPACE["slug"],
            "utc_offset": "+00:00",
        },
        "organization2": {"id": WORKSPACE["id"]},
    }


def workflow_json(shortcut: "Shortcut", id: int) -> dict[str, Any]:
    return {
        "description": "",
        "entity_type": "workflow",
        "project_ids": [float(row.id) for row in shortcut.seen_projects() if row.extra["workflow"] == id],
        "states": [_state_json(shortcut, row) for row in STATES if row.extra["workflow"] == id],
        "name": WORKFLOWS[id],
        "updated_at": LONG_AGO,
        "auto_assign_owner": True,
        "id": id,
        "team_id": id + 50,
        "created_at": LONG_AGO,
        "default_state_id": int(first_state(id).id),
    }


def _state_json(shortcut: "Shortcut", row: Any) -> dict[str, Any]:
    done = row.extra["type"] == "done"
    return {
        "description": "",
        "entity_type": "workflow-state",
        "color": "#58b1e4",
        "verb": row.extra["verb"],
        "name": row.name,
        "global_id": global_id("workflow-state", row.id),
        "num_stories": sum(1 for issue in shortcut.world.all_seen() if issue.status == row.name),
        "type": shortcut.settings["finished_word"] if done else row.extra["type"],
        "updated_at": LONG_AGO,
        "id": int(row.id),
        "num_story_templates": 0,
        "position": STATES.index(row) + 1,
        "created_at": LONG_AGO,
    }


def project_json(shortcut: "Shortcut", row: Project, origin: str) -> dict[str, Any]:
    stories = sum(1 for issue in shortcut.world.all_seen() if issue.project == row.key)
    return {
        "app_url": f"{web(origin)}/project/{row.id}",
        "description": None,
        "archived": bool(row.extra.get("archived")),
        "entity_type": "project",
        "days_to_thermometer": 14,
        "color": "#00aabb",
        "workflow_id": row.extra["workflow"],
        "name": row.name,
        "global_id": global_id("project", row.id),
        "start_time": LONG_AGO,
        "updated_at": LONG_AGO,
        "follower_ids": [],
        "external_id": None,
        "id": int(row.id),
        "show_thermometer": False,
        "team_id": row.extra["workflow"] + 50,
        "iteration_length": 2,
        "abbreviation": row.key,
        "stats": {"num_stories": stories, "num_points": 0, "num_related_documents": 0},
        "created_at": LONG_AGO,
    }


def group_json(shortcut: "Shortcut", row: Project, origin: str) -> dict[str, Any]:
    """The team that goes with a project."""
    rows = [issue for issue in shortcut.world.all_seen() if issue.project == row.key]
    phases = [shortcut.world.status(issue).extra["type"] for issue in rows]
    return {
        "app_url": f"{web(origin)}/team/{row.extra['group']}",
        "description": "",
        "archived": bool(row.extra.get("archived")),
        "entity_type": "group",
        "color": None,
        "num_stories_started": phases.count("started"),
        "mention_name": row.key.lower(),
        "name": f"{row.name} team",
        "global_id": global_id("group", row.extra["group"]),
        "color_key": None,
        "num_stories": len(rows),
        "num_epics_started": 0,
        "updated_at": LONG_AGO,
        "num_stories_backlog": phases.count("backlog"),
        "id": row.extra["group"],
        "display_icon": None,
        "default_workflow_id": row.extra["workflow"],
        "member_ids": [user.id for user in shortcut.world.users.values()],
        "workflow_ids": [row.extra["workflow"]],
        "created_at": LONG_AGO,
    }
