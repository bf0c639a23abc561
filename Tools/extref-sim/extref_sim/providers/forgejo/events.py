# SPDX-License-Identifier: Apache-2.0
"""Forgejo's webhooks: issues, issue_assign, issue_label, issue_comment, pull_request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator

from ...webhooks import Event, Subscription
from ...world import Change, Issue
from .render import comment_json, issue_json, repo_json, user_json

if TYPE_CHECKING:
    from .module import Forgejo


def events(forgejo: "Forgejo", issue: Issue, kind: str, change: Change) -> Iterable[Event]:
    """(event, event type, action) for everything that changed."""
    for type_, action, more in _actions(forgejo, issue, kind, change):
        is_pull = "pull_request" in issue.extra
        name = "pull_request" if is_pull and type_ == "issues" else type_
        yield _event(forgejo, issue, change, name, action, more)


def _actions(
    forgejo: "Forgejo", issue: Issue, kind: str, change: Change
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if kind == "commented":
        row = issue.comments[-1]
        yield "issue_comment", "created", {"comment": comment_json(forgejo, issue, row, forgejo.hook_web)}
    elif kind in ("created", "deleted"):
        yield "issues", "opened" if kind == "created" else "deleted", {}
    else:
        yield from _edits(change)


def _edits(change: Change) -> Iterator[tuple[str, str, dict[str, Any]]]:
    names = {"title": "title", "description": "body"}
    changes = {names[name]: {"from": before or ""} for name, before, _ in change.items if name in names}
    if changes:
        yield "issues", "edited", {"changes": changes}
    for name, before, after in change.items:
        if name == "status":
            yield "issues", "reopened" if after == "open" else "closed", {}
        elif name == "labels":
            yield "issue_label", "label_updated" if after else "label_cleared", {}
        elif name == "assignees":
            added = [login for login in after if login not in before]
            yield "issue_assign", "assigned" if added else "unassigned", {}
    if not change.items or all(before == after for _, before, after in change.items):
        yield "issues", "edited", {"changes": {}}


def _event(
    forgejo: "Forgejo", issue: Issue, change: Change, name: str, action: str, more: dict[str, Any]
) -> Event:
    web, repo = forgejo.hook_web, forgejo.world.projects[issue.project]
    body = {
        "action": action,
        "number": issue.number,
        "issue": issue_json(forgejo, issue, web),
        **more,
        "repository": repo_json(forgejo, repo, web, True),
        "sender": user_json(forgejo.user(change.author), web),
    }
    if name == "issue_comment":
        del body["number"]
        body["is_pull"] = "pull_request" in issue.extra
    if name == "pull_request":
        body["pull_request"] = body.pop("issue")
    base = "issues" if name in ("issue_assign", "issue_label") else name
    headers = {
        "X-Forgejo-Event": base,
        "X-Forgejo-Event-Type": name,
        "X-Forgejo-Delivery": "{delivery}",
        "X-Gitea-Event": base,
        "X-Gitea-Event-Type": name,
        "X-Gitea-Delivery": "{delivery}",
        "X-GitHub-Event": base,
        "X-GitHub-Delivery": "{delivery}",
        "User-Agent": "Go-http-client/1.1",
    }
    return Event(name, body, headers)


def wants(forgejo: "Forgejo", row: Subscription, issue: Issue, event: Event) -> bool:
    """Hooks made by the API: their repository and events. `issues` alone brings neither labels nor
    assignees."""
    chosen = row.extra.get("events")
    if chosen is None:
        return True
    same = forgejo.world.projects[issue.project].id == row.extra["repo"]
    return bool(row.extra["active"]) and same and event.name in chosen
