# SPDX-License-Identifier: Apache-2.0
"""YouTrack's search language, as far as adapters use it: `issue id: A-1, A-2`, `project: SP #Unresolved`,
`updated: 2026-11-24T10:00 .. *`, `State: {In Progress}`, words, `sort by: updated desc`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Callable

from ...world import Issue
from .entities import FIELDS, shown_name

if TYPE_CHECKING:
    from .module import YouTrack

Test = Callable[[Issue], bool]
_SORT = re.compile(r"\bsort by:\s*(\w+)(?:\s+(asc|desc))?", re.IGNORECASE)
_VALUE = r"(?:\{[^}]*\}|[^\s,{}]+(?:\s*\.\.\s*[^\s,{}]+)?)"
_TERM = re.compile(rf"(-?)(issue id|[A-Za-z]+):\s*({_VALUE}(?:\s*,\s*{_VALUE})*)|(-?)#({_VALUE})|(\S+)")
_DATES = ("updated", "created", "resolved")
_NAMES = ("issue id", "project", "tag", "assignee", "reporter", "summary", "for", "by", "in", *_DATES)


class QueryFault(Exception):
    """A query that YouTrack cannot read."""


def matching(youtrack: "YouTrack", me: str, text: str) -> list[Issue]:
    """What fits, newest first unless the query sorts."""
    sort = _SORT.search(text)
    tests = [_term(youtrack, me, found) for found in _TERM.finditer(_SORT.sub("", text))]
    rows = [row for row in youtrack.world.all_seen() if all(test(row) for test in tests)]
    field = {"updated": "updated", "created": "created", "summary": "title"}.get(
        (sort[1] if sort else "").lower()
    )
    if sort and field is None:
        raise QueryFault(f"cannot sort by {sort[1]}")
    down = not sort or (sort[2] or "desc").lower() == "desc"
    rows.sort(key=lambda row: (getattr(row, field or "created"), row.number), reverse=down)
    return rows


def _term(youtrack: "YouTrack", me: str, found: re.Match[str]) -> Test:
    if found[6] is not None:
        return _words(found[6])
    if found[5] is not None:
        return _signed(found[4], _hash(youtrack, found[5].strip("{}")))
    name = found[2].lower()
    values = [value.strip().strip("{}").strip() for value in re.findall(_VALUE, found[3])]
    return _signed(found[1], _named(youtrack, me, name, values))


def _signed(minus: str, test: Test) -> Test:
    return (lambda issue: not test(issue)) if minus else test


def _words(text: str) -> Test:
    low = text.lower().strip("\"'")
    return lambda issue: low in f"{issue.key} {issue.title} {issue.description or ''}".lower()


def _hash(youtrack: "YouTrack", value: str) -> Test:
    low = value.lower()
    if low in ("resolved", "unresolved"):
        return lambda issue: (issue.closed is not None) == (low == "resolved")
    known = {name.lower() for name in youtrack.world.statuses}
    if low in known:
        return lambda issue: issue.status.lower() == low
    if youtrack.world.project(low) is not None:
        return lambda issue: issue.project.lower() == low
    return lambda issue: low in (issue.type.lower(), str(issue.priority).lower())


def _named(youtrack: "YouTrack", me: str, name: str, values: list[str]) -> Test:
    low = [value.lower() for value in values]
    if name in _DATES:
        return _dated(name, values[0])
    if name == "issue id":
        # Ids from before a move find the issue too.
        ids = {issue.id for issue in map(youtrack.world.seen, values) if issue is not None}
        return lambda issue: issue.id in ids
    people = [me if value == "me" else value for value in low]
    tests: dict[str, Test] = {
        "project": lambda issue: low_project(youtrack, issue) & set(low) != set(),
        "in": lambda issue: low_project(youtrack, issue) & set(low) != set(),
        "tag": lambda issue: bool({label.lower() for label in issue.labels} & set(low)),
        "assignee": lambda issue: (
            bool(set(issue.assignees) & set(people)) or "unassigned" in low and not issue.assignees
        ),
        "for": lambda issue: bool(set(issue.assignees) & set(people)),
        "reporter": lambda issue: issue.reporter in people,
        "by": lambda issue: issue.reporter in people,
        "summary": lambda issue: all(word in issue.title.lower() for word in low),
    }
    if name in tests:
        return tests[name]
    return _custom(youtrack, name, low)


def low_project(youtrack: "YouTrack", issue: Issue) -> set[str]:
    return {issue.project.lower(), youtrack.world.projects[issue.project].name.lower()}


def _custom(youtrack: "YouTrack", name: str, low: list[str]) -> Test:
    """A custom field by the name that a project gave it."""
    projects = youtrack.world.projects.values()
    fields = {(row.key, shown_name(row, field).lower()): field for row in projects for field in FIELDS}
    if name not in {shown for _, shown in fields}:
        raise QueryFault(f"unknown attribute {name!r}")

    def test(issue: Issue) -> bool:
        field = fields.get((issue.project, name))
        values: dict[str, Any] = {"State": issue.status, "Type": issue.type, "Priority": issue.priority}
        return field is not None and str(values.get(field, "")).lower() in low

    return test


def _dated(name: str, text: str) -> Test:
    """One day, one moment, or a range; `*` is open."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    start = _moment(first)
    end = _moment(last) if dots else start
    whole_day = "T" not in (last if dots else first)
    field = {"resolved": "closed"}.get(name, name)

    def test(issue: Issue) -> bool:
        moment: datetime | None = getattr(issue, field)
        if moment is None:
            return False
        late = end + timedelta(days=1) if end is not None and whole_day else end
        return (start is None or moment >= start) and (late is None or moment <= late)

    return test


def _moment(text: str) -> datetime | None:
    if text in ("*", "Today", "{Today}", ""):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QueryFault(f"{text!r} is no date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
