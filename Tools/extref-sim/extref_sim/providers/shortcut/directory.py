# SPDX-License-Identifier: Apache-2.0
"""Members, workflows, projects and teams as Shortcut shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...world import Project, User
from .render import LONG_AGO, global_id, web
from .seed import STATES, WORKFLOWS, WORKSPACE, first_state

if TYPE_CHECKING:
    from .module import Shortcut


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
