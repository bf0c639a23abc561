# SPDX-License-Identifier: Apache-2.0
"""GitHub's issues, pull requests, labels and comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue, Project
from .people import Roots, database_id, node_id, repo_url, stamp, user_json

if TYPE_CHECKING:
    from .module import GitHub

_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
PRIORITY_FIELD = {"id": 501, "name": "Priority", "options": {"Urgent": 1, "High": 2, "Medium": 3, "Low": 4}}


def state_of(issue: Issue) -> str:
    return "open" if issue.status == "open" else "closed"


def reason_of(issue: Issue) -> str | None:
    """`state_reason`: how it was closed, or that it was opened again."""
    if issue.status == "open":
        again = any(name == "status" for change in issue.history for name, _, _ in change.items)
        return "reopened" if again else None
    return {"closed": "completed", "merged": None}.get(issue.status, issue.status)


def label_json(repo: Project, name: str, roots: Roots, whole: bool = False) -> dict[str, Any]:
    """A label of the repository; `whole` adds what only the list of labels has."""
    known = repo.extra.setdefault("labels", {})
    row = known.setdefault(name, {"id": 900_000 + len(known), "color": "ededed", "description": None})
    made = {
        "id": row["id"],
        "node_id": node_id("LA", row["id"]),
        "url": f"{repo_url(repo, roots)}/labels/{name}",
        "name": name,
        "description": row["description"],
        "color": row["color"],
        "default": name == "bug",
    }
    return made | ({"archived_at": None, "archived_by": None} if whole or roots.in_webhook else {})


def comment_json(github: "GitHub", issue: Issue, comment: Comment, roots: Roots) -> dict[str, Any]:
    own = f"{roots.api}/repos/{issue.project}"
    return {
        "url": f"{own}/issues/comments/{comment.id}",
        "html_url": f"{web_url(issue, roots)}#issuecomment-{comment.id}",
        "issue_url": f"{own}/issues/{issue.number}",
        "id": int(comment.id),
        "node_id": node_id("IC", int(comment.id)),
        "user": user_json(github.user(comment.author), roots),
        "created_at": stamp(comment.created),
        "updated_at": stamp(comment.updated),
        "author_association": "MEMBER",
        "body": comment.body,
        "reactions": _reactions(f"{own}/issues/comments/{comment.id}"),
        "performed_via_github_app": None,
    }


def web_url(issue: Issue, roots: Roots) -> str:
    return f"{roots.web}/{issue.project}/{'pull' if is_pull(issue) else 'issues'}/{issue.number}"


def is_pull(issue: Issue) -> bool:
    return "pull_request" in issue.extra


def issue_json(github: "GitHub", issue: Issue, roots: Roots) -> dict[str, Any]:
    """An issue or pull request as the issues endpoints show it."""
    repo = github.world.projects[issue.project]
    own = f"{repo_url(repo, roots)}/issues/{issue.number}"
    people = [user_json(github.user(login), roots) for login in issue.assignees]
    made: dict[str, Any] = {
        "url": own,
        "repository_url": repo_url(repo, roots),
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": web_url(issue, roots),
        "id": database_id(issue.id),
        "node_id": issue.id,
        "number": issue.number,
        "title": issue.title,
        "user": user_json(github.user(issue.reporter), roots),
        "labels": [label_json(repo, name, roots) for name in issue.labels],
        "state": state_of(issue),
        "locked": False,
        "assignees": people,
        "milestone": None,
        "comments": len(issue.comments),
        "created_at": stamp(issue.created),
        "updated_at": stamp(issue.updated),
        "closed_at": stamp(issue.closed),
        "author_association": "MEMBER",
        "type": type_json(github, issue.type),
        "active_lock_reason": None,
        "body": issue.description,
        "closed_by": user_json(github.user("alice"), roots) if issue.closed else None,
        "reactions": _reactions(own),
        "timeline_url": f"{own}/timeline",
        "performed_via_github_app": None,
        "state_reason": reason_of(issue),
        "issue_field_values": _fields(issue),
    }
    if not is_pull(issue):
        made |= {
            "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
            "issue_dependencies_summary": {
                "blocked_by": 0,
                "total_blocked_by": 0,
                "blocking": 0,
                "total_blocking": 0,
            },
        }
    else:
        made |= {
            "draft": bool(issue.extra["pull_request"].get("draft")),
            "pull_request": _pull_links(issue, roots),
        }
    if roots.singular_assignee:
        made["assignee"] = people[0] if people else None
    return made


def type_json(github: "GitHub", name: str) -> dict[str, Any] | None:
    """The organisation's issue type of that name."""
    row = github.types.get(name)
    if row is None:
        return None
    return {
        "id": row["id"],
        "node_id": node_id("IT", row["id"]),
        "name": name,
        "description": row["description"],
        "color": row["color"],
        "created_at": "2025-01-02T03:04:05Z",
        "updated_at": "2025-01-02T03:04:05Z",
        "is_enabled": True,
    }


def _fields(issue: Issue) -> list[dict[str, Any]]:
    """The organisation's "Priority" issue field, when the issue has one."""
    option = PRIORITY_FIELD["options"].get(issue.priority)
    if option is None:
        return []
    return [
        {
            "issue_field_id": PRIORITY_FIELD["id"],
            "issue_field_name": PRIORITY_FIELD["name"],
            "node_id": node_id("IFSS", PRIORITY_FIELD["id"]),
            "data_type": "single_select",
            "value": issue.priority,
            "single_select_option": {"id": option, "name": issue.priority, "color": "red"},
        }
    ]


def _reactions(url: str) -> dict[str, Any]:
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_REACTIONS, 0)}


def _pull_links(issue: Issue, roots: Roots) -> dict[str, Any]:
    web = web_url(issue, roots)
    merged = issue.closed if issue.status == "merged" else None
    return {
        "url": f"{roots.api}/repos/{issue.project}/pulls/{issue.number}",
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "merged_at": stamp(merged),
    }
