# SPDX-License-Identifier: Apache-2.0
"""GitHub's GraphQL objects as dicts; fields with arguments have resolvers of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...call import Call
from ...world import Comment, Issue, Project, User
from . import auth
from .issue_json import is_pull, label_json, reason_of, state_of, web_url
from .people import database_id, node_id, stamp

if TYPE_CHECKING:
    from .module import GitHub


def issue_node(github: "GitHub", issue: Issue, call: Call) -> dict[str, Any]:
    url = web_url(issue, github.roots(call))
    made: dict[str, Any] = {
        "_issue": issue,
        "id": issue.id,
        "databaseId": database_id(issue.id),
        "fullDatabaseId": database_id(issue.id),
        "number": issue.number,
        "title": issue.title,
        "url": url,
        "author": user_node(github, github.user(issue.reporter), call),
        "resourcePath": url.removeprefix(github.roots(call).web),
        "createdAt": stamp(issue.created),
        "updatedAt": stamp(issue.updated),
        "closedAt": stamp(issue.closed),
    }
    if is_pull(issue):
        return made | {
            "__typename": "PullRequest",
            "isDraft": bool(issue.extra["pull_request"].get("draft")),
            "merged": issue.status == "merged",
            "reviewDecision": None,
            "mergedAt": stamp(issue.closed) if issue.status == "merged" else None,
            "state": "MERGED" if issue.status == "merged" else state_of(issue).upper(),
        }
    reason = reason_of(issue)
    return made | {
        "__typename": "Issue",
        "_reason": reason.upper() if reason else None,
        "body": issue.description or "",
        "bodyText": issue.description or "",
        "isPinned": False,
        "lastEditedAt": None,
        "locked": False,
        "milestone": None,
        "parent": None,
        "projectItems": {"nodes": []},
        "state": state_of(issue).upper(),
        "viewerCanUpdate": True,
    }


def repo_node(github: "GitHub", repo: Project, call: Call) -> dict[str, Any]:
    held = auth.rights(call.credential, repo)
    level = next(
        (name for right, name in (("admin", "ADMIN"), ("write", "WRITE"), ("read", "READ")) if right in held),
        None,
    )
    owner, name = repo.key.split("/")
    return {
        "__typename": "Repository",
        "_repo": repo,
        "id": node_id("R", int(repo.id)),
        "databaseId": int(repo.id),
        "hasIssuesEnabled": repo.extra.get("has_issues", True),
        "isArchived": bool(repo.extra.get("archived")),
        "isDisabled": False,
        "isPrivate": bool(repo.extra.get("private")),
        "name": name,
        "nameWithOwner": repo.key,
        "owner": user_node(github, github.user(owner), call),
        "resourcePath": f"/{repo.key}",
        "url": f"{github.roots(call).web}/{repo.key}",
        "viewerPermission": level,
        "issueTemplates": [],
    }


def user_node(github: "GitHub", user: User, call: Call, mine: bool = False) -> dict[str, Any]:
    kind = user.extra.get("type", "User")
    url = f"{github.roots(call).web}/{user.login}"
    return {
        "__typename": kind,
        "id": node_id(kind[0], int(user.id)),
        "login": user.login,
        "name": user.name,
        "email": user.email if mine else "",
        "databaseId": int(user.id),
        "url": url,
        "avatarUrl": f"{github.roots(call).web}/avatars/u/{user.id}?v=4",
        "resourcePath": f"/{user.login}",
    }


def label_node(github: "GitHub", repo: Project, name: str, call: Call) -> dict[str, Any]:
    row = label_json(repo, name, github.roots(call))
    return {"__typename": "Label", "id": row["node_id"], "name": name, "color": row["color"]}


def comment_node(github: "GitHub", issue: Issue, comment: Comment, call: Call) -> dict[str, Any]:
    return {
        "__typename": "IssueComment",
        "id": node_id("IC", int(comment.id)),
        "databaseId": int(comment.id),
        "body": comment.body,
        "createdAt": stamp(comment.created),
        "url": f"{web_url(issue, github.roots(call))}#issuecomment-{comment.id}",
    }
