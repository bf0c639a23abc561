# SPDX-License-Identifier: Apache-2.0
"""The simulated tracker's data: projects, users, issues. Vendor-neutral; providers render it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Iterable

from .clock import Clock
from .limits import ISSUE_HISTORY_MAX


@dataclass
class User:
    id: str
    login: str
    name: str
    email: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Project:
    id: str
    key: str
    """What issues' keys begin with: `TES`, `acme/app`, `ENG`."""
    name: str
    extra: dict[str, Any] = field(default_factory=dict)
    last_number: int = 0
    visible: bool = True


@dataclass(frozen=True)
class Status:
    id: str
    name: str
    category: str
    """Our word: todo, in_progress, done, canceled. Providers turn it into theirs."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Comment:
    id: str
    author: str
    body: Any
    created: datetime
    updated: datetime


@dataclass
class Change:
    id: str
    author: str
    at: datetime
    items: list[tuple[str, Any, Any]]
    """(field, before, after) in the words of `Issue`'s attributes."""


@dataclass
class Issue:
    id: str
    project: str
    number: int
    key: str
    title: str
    created: datetime
    updated: datetime
    description: Any = None
    status: str = ""
    type: str = ""
    priority: str | None = None
    resolution: str | None = None
    assignees: list[str] = field(default_factory=list)
    """Logins; trackers with one assignee use the first."""
    labels: list[str] = field(default_factory=list)
    closed: datetime | None = None
    reporter: str = "alice"
    visible: bool = True
    deleted: bool = False
    moved_to: str | None = None
    """Id of the issue that replaced this one, where a move makes a new one (GitHub, GitLab)."""
    previous_keys: list[str] = field(default_factory=list)
    rev: int = 1
    comments: list[Comment] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    history: list[Change] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


EDITABLE = (
    "title",
    "description",
    "status",
    "type",
    "priority",
    "resolution",
    "assignees",
    "labels",
    "reporter",
)


class World:
    """Everything one provider knows. Edits go through it, so that history, revision and webhooks follow."""

    def __init__(self, clock: Clock, statuses: Iterable[Status] = ()) -> None:
        self.clock = clock
        self.statuses = {status.name: status for status in statuses}
        self.projects: dict[str, Project] = {}
        self.users: dict[str, User] = {}
        self.issues: dict[str, Issue] = {}
        self.aliases: dict[str, str] = {}
        """Every key an issue has had, in lower case, to its id."""
        self.listeners: list[Callable[[Issue, str, Change], None]] = []
        self._last: dict[str, int] = {}

    def next_number(self, name: str, first: int = 10001) -> int:
        """A counter by name: comment ids, link ids."""
        self._last[name] = self._last.get(name, first - 1) + 1
        return self._last[name]

    def status(self, issue: Issue) -> Status:
        return self.statuses[issue.status]

    def add_user(self, id: str, login: str, name: str, email: str, **extra: Any) -> User:
        self.users[login] = User(id, login, name, email, extra)
        return self.users[login]

    def add_project(self, id: str, key: str, name: str, **extra: Any) -> Project:
        self.projects[key] = Project(id, key, name, extra)
        return self.projects[key]

    def project(self, id_or_key: str) -> Project | None:
        """By key (any case) or id; hidden ones too: the caller decides who may see them."""
        wanted = str(id_or_key).lower()
        rows = self.projects.values()
        return next((row for row in rows if wanted in (row.key.lower(), row.id.lower())), None)

    def add_issue(self, issue: Issue) -> Issue:
        self.issues[issue.id] = issue
        self.aliases[issue.key.lower()] = issue.id
        self._tell(issue, "created", Change("0", issue.reporter, issue.created, []))
        return issue

    def find(self, id_or_key: str) -> Issue | None:
        """By id or by any key it ever had. Deleted and hidden ones are found too: `seen` filters."""
        id_or_key = str(id_or_key)
        return self.issues.get(id_or_key) or self.issues.get(self.aliases.get(id_or_key.lower(), ""))

    def seen(self, id_or_key: str) -> Issue | None:
        """Like `find`, but only what a good credential may see."""
        issue = self.find(id_or_key)
        return issue if issue is not None and self.may_see(issue) else None

    def may_see(self, issue: Issue) -> bool:
        project = self.projects.get(issue.project)
        return issue.visible and not issue.deleted and (project is None or project.visible)

    def all_seen(self) -> list[Issue]:
        return [issue for issue in self.issues.values() if self.may_see(issue)]

    def edit(self, issue: Issue, author: str = "alice", **values: Any) -> Change:
        """Sets attributes named in EDITABLE; records what really differs and tells the listeners."""
        items = []
        for name, after in values.items():
            before = getattr(issue, name)
            if before != after:
                setattr(issue, name, after)
                items.append((name, before, after))
        return self.touch(issue, "updated", items, author)

    def touch(
        self, issue: Issue, kind: str, items: list[tuple[str, Any, Any]], author: str = "alice"
    ) -> Change:
        """A new revision of the issue: kind is updated, deleted, moved, commented, …"""
        issue.updated = self.clock.now()
        issue.rev += 1
        change = Change(str(self.next_number("change")), author, issue.updated, items)
        issue.history.append(change)
        del issue.history[:-ISSUE_HISTORY_MAX]
        self._close_or_reopen(issue)
        self._tell(issue, kind, change)
        return change

    def comment(self, issue: Issue, body: Any, author: str = "alice") -> Comment:
        now = self.clock.now()
        made = Comment(str(self.next_number("comment")), author, body, now, now)
        issue.comments.append(made)
        self.touch(issue, "commented", [("comment", None, made.id)], author)
        return made

    def rekey(self, issue: Issue, project: Project, number: int, key: str) -> None:
        """The move of trackers that keep the id: the old key goes on resolving."""
        items = [("key", issue.key, key), ("project", issue.project, project.key)]
        if issue.key != key:
            issue.previous_keys.append(issue.key)
        issue.project, issue.number, issue.key = project.key, number, key
        self.aliases[key.lower()] = issue.id
        self.touch(issue, "moved", items)

    def _close_or_reopen(self, issue: Issue) -> None:
        status = self.statuses.get(issue.status)
        ended = status is not None and status.category in ("done", "canceled")
        if ended and issue.closed is None:
            issue.closed = issue.updated
        elif not ended:
            issue.closed = None

    def _tell(self, issue: Issue, kind: str, change: Change) -> None:
        for listener in self.listeners:
            listener(issue, kind, change)
