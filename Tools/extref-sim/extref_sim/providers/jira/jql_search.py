# SPDX-License-Identifier: Apache-2.0
"""Evaluates JQL over the world: matching, ordering, and the values Jira refuses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from ...world import Issue, World
from .adf import plain
from .catalogue import CATEGORIES, OFFSET_HOURS, PRIORITIES
from .jql import Clause, Function, Group, Query
from .jql_text import text_query
from .jql_tokens import JqlError

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ABSOLUTE = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")


class JqlSearch:
    """One search: who asks decides what is seen; `lenient` turns bad values into warnings (validateQuery)."""

    def __init__(self, world: World, user: str | None, lenient: bool = False) -> None:
        self.world = world
        self.user = user
        self.lenient = lenient
        self.warnings: list[str] = []

    def run(self, query: Query, issues: list[Issue]) -> list[Issue]:
        """Matching issues in the asked order; without one, newest created first as Jira does."""
        where = self._made(query.where) if query.where is not None else (lambda issue: True)
        rows = sorted((issue for issue in issues if where(issue)), key=lambda issue: -int(issue.id))
        for name, descending in reversed(query.order):
            rows.sort(key=lambda issue: self._order(name, issue), reverse=descending)
        return rows

    def _made(self, node: Any) -> Callable[[Issue], bool]:
        if isinstance(node, Group):
            parts = [self._made(part) for part in node.parts]
            if node.word == "not":
                return lambda issue: not parts[0](issue)
            every = all if node.word == "and" else any
            return lambda issue: every(part(issue) for part in parts)
        return self._clause(node)

    def _clause(self, clause: Clause) -> Callable[[Issue], bool]:
        if clause.field in ("updated", "created"):
            return self._dated(clause)
        if clause.operator in ("~", "!~"):
            return self._worded(clause)
        if clause.operator in ("is", "is not"):
            empty = lambda issue: not self._held(clause.field, issue)  # noqa: E731
            return empty if clause.operator == "is" else lambda issue: not empty(issue)
        wanted = {value for raw in clause.values for value in self._value(clause.field, raw)}
        if clause.operator in ("=", "in"):
            return lambda issue: bool(wanted & self._held(clause.field, issue))
        if clause.operator in ("!=", "not in"):
            return lambda issue: bool(self._held(clause.field, issue)) and not wanted & self._held(
                clause.field, issue
            )
        return self._ranged(clause)

    def _value(self, name: str, raw: Any) -> list[str]:
        """The value in the form `_held` gives, or Jira's refusal of it."""
        if isinstance(raw, Function):
            if raw.name == "currentuser":
                return [self._account(self.user)] if self.user else []
            raise JqlError(f"Unable to find JQL function '{raw.name}()'.")
        known = {
            "project": self._project,
            "key": self._key,
            "id": self._id,
            "status": self._status,
            "statuscategory": self._category,
        }.get(name)
        return [raw.lower()] if known is None else known(raw)

    def _project(self, raw: str) -> list[str]:
        row = self.world.project(raw) or next(
            (row for row in self.world.projects.values() if row.name.lower() == raw.lower()), None
        )
        if row is None or not row.visible:
            return self._bad(f"The value '{raw}' does not exist for the field 'project'.")
        return [row.key.lower()]

    def _key(self, raw: str) -> list[str]:
        issue = self.world.seen(raw)
        if issue is None:
            return self._bad(f"An issue with key '{raw}' does not exist for field 'key'.")
        return [issue.key.lower()]

    def _id(self, raw: str) -> list[str]:
        issue = self.world.seen(raw)
        if issue is None:
            return self._bad(f"A value with ID '{raw}' does not exist for the field 'id'.")
        return [issue.id]

    def _status(self, raw: str) -> list[str]:
        found = [row for row in self.world.statuses.values() if raw.lower() in (row.name.lower(), row.id)]
        if not found:
            return self._bad(f"The value '{raw}' does not exist for the field 'status'.")
        return [row.name.lower() for row in found]

    def _category(self, raw: str) -> list[str]:
        found = [
            name
            for name, row in CATEGORIES.items()
            if raw.lower() in (row["key"], row["name"].lower(), str(row["id"]))
        ]
        return found or self._bad(f"The value '{raw}' does not exist for the field 'statusCategory'.")

    def _bad(self, message: str) -> list[str]:
        if not self.lenient:
            raise JqlError(message)
        self.warnings.append(message)
        return []

    def _account(self, login: str | None) -> str:
        row = self.world.users.get(login or "")
        return row.id.lower() if row else ""

    def _held(self, name: str, issue: Issue) -> set[str]:
        """What the issue has in the field, in lower case."""
        people = {"assignee": issue.assignees[:1], "reporter": [issue.reporter]}.get(name)
        if people is not None:
            return {form for login in people for form in (login.lower(), self._account(login))}
        held = {
            "project": [issue.project],
            "key": [issue.key],
            "id": [issue.id],
            "labels": issue.labels,
            "status": [issue.status],
            "statuscategory": [self.world.status(issue).category],
            "priority": [issue.priority],
            "issuetype": [issue.type],
            "resolution": [issue.resolution],
            "summary": [issue.title],
            "description": [plain(issue.description)],
            "comment": [row.id for row in issue.comments],
        }.get(name, [])
        return {str(value).lower() for value in held if value}

    def _ranged(self, clause: Clause) -> Callable[[Issue], bool]:
        raw = str(clause.values[0])
        if clause.field == "priority":
            return lambda issue: _compared(
                clause.operator,
                -int(PRIORITIES.get(issue.priority or "", "9")),
                -int(PRIORITIES.get(raw, "9")),
            )
        number = int(re.sub(r"\D", "", raw) or 0)
        return lambda issue: _compared(
            clause.operator, int(issue.id) if clause.field == "id" else issue.number, number
        )

    def _dated(self, clause: Clause) -> Callable[[Issue], bool]:
        moment = self._moment(clause)
        return lambda issue: _compared(clause.operator, getattr(issue, clause.field), moment)

    def _moment(self, clause: Clause) -> datetime:
        """Relative (`-15m`), absolute in the user's zone and to the minute, or epoch milliseconds."""
        raw, now = clause.values[0], self.world.clock.now()
        if isinstance(raw, Function):
            if raw.name == "now":
                return now
            if raw.name == "startofday":
                return (now + timedelta(hours=OFFSET_HOURS)).replace(
                    hour=0, minute=0, second=0, microsecond=0
                ) - timedelta(hours=OFFSET_HOURS)
            raise JqlError(f"Unable to find JQL function '{raw.name}()'.")
        relative = re.fullmatch(r"([+-]?\d+)([mhdw])", raw.strip())
        if relative:
            return now + timedelta(**{_UNITS[relative.group(2)]: int(relative.group(1))})
        if re.fullmatch(r"\d{12,}", raw):
            return datetime.fromtimestamp(int(raw) / 1000, timezone.utc)
        for form in _ABSOLUTE:
            try:
                return datetime.strptime(raw, form).replace(tzinfo=timezone(timedelta(hours=OFFSET_HOURS)))
            except ValueError:
                continue
        raise JqlError(
            f"Date value '{raw}' for field '{clause.field}' is invalid. Valid formats include: 'yyyy/MM/dd "
            "HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
        )

    def _worded(self, clause: Clause) -> Callable[[Issue], bool]:
        matches = text_query(str(clause.values[0]), clause.field)

        def found(issue: Issue) -> bool:
            comments = " ".join(plain(row.body) for row in issue.comments)
            texts = {"summary": issue.title, "description": plain(issue.description), "comment": comments}
            texts["text"] = " ".join(texts.values())
            return matches(texts[clause.field])

        return found if clause.operator == "~" else lambda issue: not found(issue)

    def _order(self, name: str, issue: Issue) -> Any:
        if name == "priority":
            return -int(PRIORITIES.get(issue.priority or "", "9"))
        if name in ("updated", "created"):
            return getattr(issue, name)
        if name == "key":
            return issue.project, issue.number
        return int(issue.id) if name == "id" else min(self._held(name, issue), default="")


def _compared(operator: str, left: Any, right: Any) -> bool:
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]
