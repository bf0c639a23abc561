# SPDX-License-Identifier: Apache-2.0
"""Forgejo's JSON: times with the server's offset, `assignees` null when nobody is assigned."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ...world import Comment, Issue, Project, User

if TYPE_CHECKING:
    from .module import Forgejo

ZONE = timezone(timedelta(hours=1))
NEVER = "0001-01-01T00:00:00Z"
BORN = "2024-01-02T04:04:05+01:00"


def stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None


def user_json(user: User, web: str) -> dict[str, Any]:
    return {
        "id": int(user.id),
        "login": user.login,
        "login_name": "",
        "source_id": 0,
        "full_name": user.name,
        "email": user.email,
        "avatar_url": f"{web}/avatars/{user.id}",
        "html_url": f"{web}/{user.login}",
        "language": "",
        "is_admin": False,
        "last_login": NEVER,
        "created": BORN,
        "restricted": False,
        "active": False,
        "prohibit_login": False,
        "location": "",
        "pronouns": "",
        "website": "",
        "description": "",
        "visibility": "public",
        "followers_count": 0,
        "following_count": 0,
        "starred_repos_count": 0,
        "username": user.login,
    }


def repo_json(forgejo: "Forgejo", repo: Project, web: str, writes: bool) -> dict[str, Any]:
    own, name = f"{web}/{repo.key}", repo.key.partition("/")[2]
    owner = forgejo.user(repo.key.partition("/")[0])
    return {
        "id": int(repo.id),
        "owner": user_json(owner, web),
        "name": name,
        "full_name": repo.key,
        "description": repo.name,
        "empty": False,
        "private": bool(repo.extra.get("private")),
        "fork": False,
        "template": False,
        "parent": None,
        "mirror": False,
        "size": 76,
        "language": "",
        "languages_url": f"{web}/api/v1/repos/{repo.key}/languages",
        "html_url": own,
        "url": f"{web}/api/v1/repos/{repo.key}",
        "link": "",
        "ssh_url": f"git@forgejo.example:{repo.key}.git",
        "clone_url": f"{own}.git",
        "original_url": "",
        "website": "",
        "stars_count": 0,
        "forks_count": 0,
        "watchers_count": 1,
        "open_issues_count": 0,
        "open_pr_counter": 0,
        "release_counter": 0,
        "default_branch": "main",
        "archived": bool(repo.extra.get("archived")),
        "created_at": BORN,
        "updated_at": BORN,
        "permissions": {"admin": writes, "push": writes, "pull": True},
        "has_issues": repo.extra.get("has_issues", True),
        "internal_tracker": {
            "enable_time_tracker": True,
            "allow_only_contributors_to_track_time": True,
            "enable_issue_dependencies": True,
        },
        "has_wiki": True,
        "has_pull_requests": True,
        "has_projects": True,
        "ignore_whitespace_conflicts": False,
        "allow_merge_commits": True,
        "allow_rebase": True,
        "allow_rebase_explicit": True,
        "allow_rebase_update": True,
        "allow_squash_merge": True,
        "default_delete_branch_after_merge": False,
        "default_merge_style": "merge",
        "avatar_url": "",
        "internal": False,
        "mirror_interval": "",
        "mirror_updated": NEVER,
        "repo_transfer": None,
    }


def label_json(repo: Project, name: str, web: str) -> dict[str, Any]:
    row = repo.extra["labels"][name]
    return {
        "id": row["id"],
        "name": name,
        "exclusive": False,
        "is_archived": False,
        "color": row["color"],
        "description": "",
        "url": f"{web}/api/v1/repos/{repo.key}/labels/{row['id']}",
    }


def issue_json(forgejo: "Forgejo", issue: Issue, web: str) -> dict[str, Any]:
    repo = forgejo.world.projects[issue.project]
    people = [user_json(forgejo.user(login), web) for login in issue.assignees]
    known = repo.extra["labels"]
    return {
        "id": int(issue.id),
        "url": f"{web}/api/v1/repos/{repo.key}/issues/{issue.number}",
        "html_url": web_url(issue, web),
        "number": issue.number,
        "user": user_json(forgejo.user(issue.reporter), web),
        "original_author": "",
        "original_author_id": 0,
        "title": issue.title,
        "body": issue.description or "",
        "ref": "",
        "assets": [],
        "labels": [label_json(repo, name, web) for name in issue.labels if name in known],
        "milestone": None,
        "assignee": people[0] if people else None,
        "assignees": people or None,
        "state": state_of(issue),
        "is_locked": False,
        "comments": len(issue.comments),
        "created_at": stamp(issue.created),
        "updated_at": stamp(issue.updated),
        "closed_at": stamp(issue.closed),
        "due_date": None,
        "pull_request": _pull(issue, web),
        "repository": {
            "id": int(repo.id),
            "name": repo.key.partition("/")[2],
            "owner": repo.key.partition("/")[0],
            "full_name": repo.key,
        },
        "pin_order": 0,
    }


def state_of(issue: Issue) -> str:
    return "open" if issue.status == "open" else "closed"


def web_url(issue: Issue, web: str) -> str:
    return f"{web}/{issue.project}/{'pulls' if 'pull_request' in issue.extra else 'issues'}/{issue.number}"


def _pull(issue: Issue, web: str) -> dict[str, Any] | None:
    if "pull_request" not in issue.extra:
        return None
    merged = issue.status == "merged"
    draft = bool(issue.extra["pull_request"].get("draft"))
    at = stamp(issue.closed) if merged else None
    return {"merged": merged, "merged_at": at, "draft": draft, "html_url": web_url(issue, web)}


def comment_json(forgejo: "Forgejo", issue: Issue, row: Comment, web: str) -> dict[str, Any]:
    url = web_url(issue, web)
    is_pull = "pull_request" in issue.extra
    return {
        "id": int(row.id),
        "html_url": f"{url}#issuecomment-{row.id}",
        "pull_request_url": url if is_pull else "",
        "issue_url": "" if is_pull else url,
        "user": user_json(forgejo.user(row.author), web),
        "original_author": "",
        "original_author_id": 0,
        "body": row.body,
        "assets": [],
        "created_at": stamp(row.created),
        "updated_at": stamp(row.updated),
    }
