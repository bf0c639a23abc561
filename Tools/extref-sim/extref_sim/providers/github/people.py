# SPDX-License-Identifier: Apache-2.0
"""GitHub's users, organisations and repositories as JSON. GitHub puts two dozen URLs into each of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...world import Project, User

_PLAIN_LINKS = (
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "subscription",
    "tags",
    "teams",
)
_LINKS = {name: name for name in _PLAIN_LINKS} | {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "statuses": "statuses/{sha}",
    "trees": "git/trees{/sha}",
}


@dataclass(frozen=True)
class Roots:
    """Where the URLs of an answer begin, and which API version it speaks."""

    api: str
    web: str
    singular_assignee: bool = True
    """Versions before 2026-03-10 (and every webhook) carry `assignee` beside `assignees`."""
    in_webhook: bool = False
    """Labels in webhooks are whole."""


def stamp(moment: datetime | None) -> str | None:
    """GitHub's times have whole seconds and a Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def node_id(kind: str, number: int) -> str:
    """`I_kwDOAC3G…`: opaque to clients, but it tells the database id to us."""
    return f"{kind}_kwDO" + base64.urlsafe_b64encode(number.to_bytes(6, "big")).decode().rstrip("=")


def database_id(node: str) -> int:
    """The number inside one of our node ids; -1 for a foreign text."""
    _, _, text = node.partition("_kwDO")
    try:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big") if text else -1
    except ValueError:
        return -1


def user_json(user: User, roots: Roots) -> dict[str, Any]:
    """The SimpleUser of the API."""
    own = f"{roots.api}/users/{user.login}"
    kind = user.extra.get("type", "User")
    return {
        "login": user.login,
        "id": int(user.id),
        "node_id": node_id(kind[0], int(user.id)),
        "avatar_url": f"{roots.web}/avatars/u/{user.id}?v=4",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{roots.web}/{user.login}",
        "followers_url": f"{own}/followers",
        "following_url": f"{own}/following{{/other_user}}",
        "gists_url": f"{own}/gists{{/gist_id}}",
        "starred_url": f"{own}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{own}/subscriptions",
        "organizations_url": f"{own}/orgs",
        "repos_url": f"{own}/repos",
        "events_url": f"{own}/events{{/privacy}}",
        "received_events_url": f"{own}/received_events",
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def profile_json(user: User, roots: Roots, private: bool) -> dict[str, Any]:
    """`GET /user` (private) and `GET /users/{username}`."""
    made = user_json(user, roots) | {
        "name": user.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": user.email if private else None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 1,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
    }
    made["user_view_type"] = "private" if private else "public"
    if private:
        made |= {
            "private_gists": 0,
            "total_private_repos": 1,
            "owned_private_repos": 1,
            "disk_usage": 0,
            "collaborators": 0,
            "two_factor_authentication": True,
            "plan": {"name": "free", "space": 976562499, "collaborators": 0, "private_repos": 10000},
        }
    return made


def repo_url(repo: Project, roots: Roots) -> str:
    return f"{roots.api}/repos/{repo.key}"


def repo_json(
    repo: Project, owner: User, roots: Roots, open_issues: int, rights: frozenset[str] | None = None
) -> dict[str, Any]:
    """The Repository of lists and events; `rights` adds the permissions object."""
    web, own = f"{roots.web}/{repo.key}", repo_url(repo, roots)
    host = roots.web.partition("://")[2]
    private = bool(repo.extra.get("private"))
    made: dict[str, Any] = {
        "id": int(repo.id),
        "node_id": node_id("R", int(repo.id)),
        "name": repo.key.partition("/")[2],
        "full_name": repo.key,
        "private": private,
        "owner": user_json(owner, roots),
        "html_url": web,
        "description": repo.name,
        "fork": False,
        "url": own,
    }
    made |= {f"{name}_url": f"{own}/{path}" for name, path in _LINKS.items()}
    made |= {
        "created_at": "2024-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "pushed_at": "2026-01-02T03:04:05Z",
        "git_url": f"git://{host}/{repo.key}.git",
        "ssh_url": f"git@{host.partition('/')[0]}:{repo.key}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "homepage": None,
        "mirror_url": None,
        "language": None,
        "license": None,
        "size": 0,
        "forks": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "default_branch": "main",
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        "is_template": False,
        "topics": [],
        "has_issues": repo.extra.get("has_issues", True),
        "has_projects": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "archived": bool(repo.extra.get("archived")),
        "disabled": False,
        "visibility": "private" if private else "public",
        "allow_forking": True,
        "web_commit_signoff_required": False,
    }
    if rights is not None:
        made["permissions"] = {
            "admin": "admin" in rights,
            "maintain": "admin" in rights,
            "push": "write" in rights,
            "triage": "write" in rights,
            "pull": "read" in rights,
        }
    return made
