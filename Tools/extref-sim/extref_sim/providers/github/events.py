# SPDX-License-Identifier: Apache-2.0
"""GitHub's webhooks: one event per thing that changed, as the real one sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator

from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .issue_json import comment_json, is_pull, issue_json, label_json, type_json
from .people import node_id, repo_json, user_json
from .seed import INSTALLATION_ID

if TYPE_CHECKING:
    from .module import GitHub


def events(github: "GitHub", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    """A change of title and labels is two events; every label and assignee is one more."""
    if kind == "commented":
        comment = next((row for row in issue.comments if row.id == change.items[0][2]), None)
        if comment is not None:
            more = {"comment": comment_json(github, issue, comment, github.hook_roots)}
            yield _event(github, issue, change, "issue_comment", "created", more)
        return
    name = "pull_request" if is_pull(issue) else "issues"
    for action, more in _actions(github, issue, kind, change):
        yield _event(github, issue, change, name, action, more)


def _actions(
    github: "GitHub", issue: Issue, kind: str, change: Change
) -> Iterator[tuple[str, dict[str, Any]]]:
    if kind == "created":
        yield "opened", _old_place(github, issue)
    elif kind == "deleted":
        yield "deleted", {}
    elif kind == "moved":
        target = github.world.issues.get(issue.moved_to or "")
        if target is not None:
            yield (
                "transferred",
                {
                    "changes": {
                        "new_issue": _shown(github, target),
                        "new_repository": _repository(github, target),
                    }
                },
            )
    else:
        yield from _edits(github, issue, change)


def _edits(github: "GitHub", issue: Issue, change: Change) -> Iterator[tuple[str, dict[str, Any]]]:
    texts = {"title": "title", "description": "body"}
    edited = {texts[name]: {"from": before or ""} for name, before, _ in change.items if name in texts}
    if edited:
        yield "edited", {"changes": edited}
    for name, before, after in change.items:
        if name == "status":
            yield ("reopened" if after == "open" else "closed"), {}
        elif name == "labels":
            repo = github.world.projects[issue.project]
            for text in [text for text in after if text not in before]:
                yield "labeled", {"label": label_json(repo, text, github.hook_roots)}
            for text in [text for text in before if text not in after]:
                yield "unlabeled", {"label": label_json(repo, text, github.hook_roots)}
        elif name == "assignees":
            for login in [login for login in after if login not in before]:
                yield "assigned", {"assignee": user_json(github.user(login), github.hook_roots)}
            for login in [login for login in before if login not in after]:
                yield "unassigned", {"assignee": user_json(github.user(login), github.hook_roots)}
        elif name == "type":
            yield ("typed" if after else "untyped"), {"type": type_json(github, after or before)}
    if not any(before != after for _, before, after in change.items):
        yield "edited", {"changes": {}}


def _event(
    github: "GitHub", issue: Issue, change: Change, name: str, action: str, more: dict[str, Any]
) -> Event:
    roots = github.hook_roots
    shown = _shown(github, issue)
    body: dict[str, Any] = {"action": action}
    if name == "pull_request":
        pull = shown.pop("pull_request")
        body |= {"number": issue.number, "pull_request": shown | pull | {"merged": issue.status == "merged"}}
    else:
        body["issue"] = shown
    owner = github.user(issue.project.partition("/")[0])
    org = {
        "login": owner.login,
        "id": int(owner.id),
        "node_id": node_id("O", int(owner.id)),
        "url": f"{roots.api}/orgs/{owner.login}",
        "description": "",
        "avatar_url": f"{roots.web}/avatars/u/{owner.id}?v=4",
    }
    org |= {
        f"{part}_url": f"{org['url']}/{path}"
        for part, path in (
            ("repos", "repos"),
            ("events", "events"),
            ("hooks", "hooks"),
            ("issues", "issues"),
            ("members", "members{/member}"),
            ("public_members", "public_members{/member}"),
        )
    }
    body |= more | {
        "repository": _repository(github, issue),
        "organization": org,
        "sender": user_json(github.user(change.author), roots),
        "installation": {"id": INSTALLATION_ID, "node_id": node_id("MDI", INSTALLATION_ID)},
    }
    headers = {
        "X-GitHub-Event": name,
        "X-GitHub-Delivery": "{delivery}",
        "X-GitHub-Hook-ID": "1",
        "X-GitHub-Hook-Installation-Target-Type": "repository",
        "User-Agent": "GitHub-Hookshot/sim",
    }
    return Event(f"{name}.{action}", body, headers)


def _shown(github: "GitHub", issue: Issue) -> dict[str, Any]:
    return issue_json(github, issue, github.hook_roots)


def _repository(github: "GitHub", issue: Issue) -> dict[str, Any]:
    repo = github.world.projects[issue.project]
    return repo_json(repo, github.user(repo.key.partition("/")[0]), github.hook_roots, 0)


def _old_place(github: "GitHub", issue: Issue) -> dict[str, Any]:
    """A transferred issue is "opened" in its new place, with the old one in `changes`."""
    old = github.world.issues.get(issue.extra.get("moved_from", ""))
    if old is None:
        return {}
    return {"changes": {"old_issue": _shown(github, old), "old_repository": _repository(github, old)}}


def wants(row: Subscription, issue: Issue, event: Event) -> bool:
    """Hooks made by the API: their repository, their events, and only while active."""
    wanted = row.extra.get("events")
    if wanted is None:
        return True
    repo = event.body["repository"]
    return (
        row.extra["active"]
        and str(repo["id"]) == row.extra["repo"]
        and ("*" in wanted or event.name.partition(".")[0] in wanted)
    )
