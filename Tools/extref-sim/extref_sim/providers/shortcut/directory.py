# SPDX-License-Identifier: Apache-2.0
"""Shortcut's members, workflow, projects and teams as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...world import User
from .render import BORN, WORKFLOW_ID, WORKSPACE

if TYPE_CHECKING:
    from .module import Shortcut

WORKSPACE_ID, GROUP_ID = "5f0e0000-0000-4000-8000-000000000001", "5f0e0000-0000-4000-8000-000000000002"


def member_info(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "mention_name": user.login,
        "role": "admin",
        "is_owner": user.login == "alice",
        "workspace2": {
            "id": WORKSPACE_ID,
            "created_at": BORN,
            "default_workflow_id": WORKFLOW_ID,
            "estimate_scale": [0, 1, 2, 4, 8],
            "name": "Acme",
            "url_slug": "acme",
            "utc_offset": "+00:00",
        },
        "organization2": {"id": WORKSPACE_ID},
    }


def member_json(user: User) -> dict[str, Any]:
    profile = {
        "entity_type": "profile",
        "id": user.id,
        "deactivated": False,
        "two_factor_auth_activated": False,
        "mention_name": user.login,
        "name": user.name,
        "gravatar_hash": None,
        "display_icon": None,
        "is_owner": user.login == "alice",
        "email_address": user.email,
    }
    return {
        "role": "member",
        "entity_type": "member",
        "disabled": False,
        "global_id": f"{WORKSPACE}:m:{user.id}",
        "state": "full",
        "updated_at": BORN,
        "created_without_invite": False,
        "group_ids": [GROUP_ID],
        "id": user.id,
        "profile": profile,
        "created_at": BORN,
    }


def workflow_json(shortcut: "Shortcut") -> dict[str, Any]:
    states = [
        {
            "description": "",
            "entity_type": "workflow-state",
            "color": "#fcec80",
            "verb": None,
            "name": row.name,
            "global_id": f"{WORKSPACE}:ws:{row.id}",
            "num_stories": sum(1 for issue in shortcut.world.all_seen() if issue.status == row.name),
            "type": shortcut.type_of(row),
            "updated_at": BORN,
            "id": int(row.id),
            "num_story_templates": 0,
            "position": place,
            "created_at": BORN,
        }
        for place, row in enumerate(shortcut.world.statuses.values())
    ]
    return {
        "description": "",
        "entity_type": "workflow",
        "project_ids": [int(row.id) for row in shortcut.world.projects.values() if row.visible],
        "states": states,
        "name": "Engineering",
        "updated_at": BORN,
        "auto_assign_owner": True,
        "id": WORKFLOW_ID,
        "team_id": 1,
        "created_at": BORN,
        "default_state_id": states[0]["id"],
    }


def project_json(project: Any, web: str) -> dict[str, Any]:
    return {
        "app_url": f"{web}/acme/project/{project.id}",
        "description": None,
        "archived": False,
        "entity_type": "project",
        "days_to_thermometer": 14,
        "color": None,
        "workflow_id": WORKFLOW_ID,
        "name": project.name,
        "global_id": f"{WORKSPACE}:p:{project.id}",
        "start_time": BORN,
        "updated_at": BORN,
        "follower_ids": [],
        "external_id": None,
        "id": int(project.id),
        "show_thermometer": False,
        "team_id": 1,
        "iteration_length": 2,
        "abbreviation": project.key[:3],
        "stats": {"num_stories": 0, "num_points": 0, "num_related_documents": 0},
        "created_at": BORN,
    }


def group_json(web: str, members: list[str]) -> dict[str, Any]:
    return {
        "app_url": f"{web}/acme/team/{GROUP_ID}",
        "description": "",
        "archived": False,
        "entity_type": "group",
        "color": None,
        "num_stories_started": 0,
        "mention_name": "engineering",
        "name": "Engineering",
        "global_id": f"{WORKSPACE}:g:{GROUP_ID}",
        "color_key": "blue",
        "num_stories": 0,
        "num_epics_started": 0,
        "updated_at": BORN,
        "num_stories_backlog": 0,
        "id": GROUP_ID,
        "display_icon": None,
        "default_workflow_id": WORKFLOW_ID,
        "member_ids": members,
        "workflow_ids": [WORKFLOW_ID],
        "created_at": BORN,
    }
