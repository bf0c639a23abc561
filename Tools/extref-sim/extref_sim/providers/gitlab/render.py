# SPDX-License-Identifier: Apache-2.0
"""GitLab's JSON: users, projects, issues, notes, labels."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue, Project, User

if TYPE_CHECKING:
    from .module import GitLab

BORN = "2024-01-02T03:04:05.678Z"


def stamp(moment: datetime | None) -> str | None:
    """Milliseconds and a Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" if moment else None


def user_json(user: User, web: str) -> dict[str, Any]:
    return {
        "id": int(user.id),
        "username": user.login,
        "public_email": "",
        "name": user.name,
        "state": "active",
        "locked": False,
        "avatar_url": f"{web}/uploads/user/avatar/{user.id}/a.png",
        "web_url": f"{web}/{user.login}",
    }


def project_json(project: Project, web: str) -> dict[str, Any]:
    space, _, path = project.key.rpartition("/")
    own = f"{web}/{project.key}"
    return {
        "id": int(project.id),
        "description": None,
        "name": project.name,
        "name_with_namespace": f"{space} / {project.name}",
        "path": path,
        "path_with_namespace": project.key,
        "created_at": BORN,
        "default_branch": "main",
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": f"git@gitlab.example:{project.key}.git",
        "http_url_to_repo": f"{own}.git",
        "web_url": own,
        "readme_url": None,
        "avatar_url": None,
        "forks_count": 0,
        "star_count": 0,
        "last_activity_at": BORN,
        "namespace": {
            "id": 77,
            "name": space,
            "path": space.rpartition("/")[2],
            "kind": "group",
            "full_path": space,
            "parent_id": None,
            "avatar_url": None,
            "web_url": f"{web}/groups/{space}",
        },
        "visibility": "public" if project.extra.get("public") else "private",
        "archived": False,
        "issues_enabled": project.extra.get("issues_enabled", True),
        "permissions": {
            "project_access": None,
            "group_access": {"access_level": 40, "notification_level": 3},
        },
    }


def label_json(project: Project, name: str) -> dict[str, Any]:
    known = project.extra.setdefault("labels", {})
    row = known.setdefault(name, {"id": 900_000 + len(known), "color": "#6699cc"})
    return {
        "id": row["id"],
        "name": name,
        "description": None,
        "description_html": "",
        "text_color": "#FFFFFF",
        "color": row["color"],
        "subscribed": False,
        "priority": None,
        "is_project_label": True,
    }


def issue_json(gitlab: "GitLab", issue: Issue, web: str) -> dict[str, Any]:
    """The issue of REST: no custom status, `assignee` beside `assignees`, moved_to_id is a global id."""
    project = gitlab.world.projects[issue.project]
    own = f"{web}/api/v4/projects/{project.id}/issues/{issue.number}"
    people = [user_json(gitlab.user(login), web) for login in issue.assignees]
    closer = user_json(gitlab.user("alice"), web) if issue.closed else None
    return {
        "id": int(issue.id),
        "iid": issue.number,
        "project_id": int(project.id),
        "title": issue.title,
        "description": issue.description,
        "state": state_of(gitlab, issue),
        "created_at": stamp(issue.created),
        "updated_at": stamp(issue.updated),
        "closed_at": stamp(issue.closed),
        "closed_by": closer,
        "labels": list(issue.labels),
        "milestone": None,
        "assignees": people,
        "author": user_json(gitlab.user(issue.reporter), web),
        "type": issue.type.upper(),
        "assignee": people[0] if people else None,
        "user_notes_count": len(issue.comments),
        "merge_requests_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": bool(issue.extra.get("confidential")),
        "discussion_locked": None,
        "issue_type": issue.type,
        "web_url": web_url(issue, web),
        "time_stats": {
            "time_estimate": 0,
            "total_time_spent": 0,
            "human_time_estimate": None,
            "human_total_time_spent": None,
        },
        "task_completion_status": {"count": 0, "completed_count": 0},
        "weight": None,
        "blocking_issues_count": 0,
        "has_tasks": False,
        "_links": {
            "self": own,
            "notes": f"{own}/notes",
            "award_emoji": f"{own}/award_emoji",
            "project": f"{web}/api/v4/projects/{project.id}",
            "closed_as_duplicate_of": None,
        },
        "references": {
            "short": f"#{issue.number}",
            "relative": f"#{issue.number}",
            "full": f"{issue.project}#{issue.number}",
        },
        "severity": "HIGH" if issue.type == "incident" else "UNKNOWN",
        "moved_to_id": int(issue.moved_to) if issue.moved_to else None,
        "imported": False,
        "imported_from": "none",
        "service_desk_reply_to": None,
    }


def state_of(gitlab: "GitLab", issue: Issue) -> str:
    return "closed" if gitlab.world.status(issue).category in ("done", "canceled") else "opened"


def web_url(issue: Issue, web: str) -> str:
    place = "issues/incident" if issue.type == "incident" else "issues"
    return f"{web}/{issue.project}/-/{place}/{issue.number}"


def note_json(gitlab: "GitLab", issue: Issue, note: Comment, web: str) -> dict[str, Any]:
    project = gitlab.world.projects[issue.project]
    return {
        "id": int(note.id),
        "type": None,
        "body": note.body,
        "author": user_json(gitlab.user(note.author), web),
        "created_at": stamp(note.created),
        "updated_at": stamp(note.updated),
        "system": False,
        "noteable_id": int(issue.id),
        "noteable_type": "Issue",
        "project_id": int(project.id),
        "resolvable": False,
        "confidential": False,
        "internal": False,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": issue.number,
        "commands_changes": {},
    }
