# SPDX-License-Identifier: Apache-2.0
"""IssueFilter: and, or, ids, numbers, teams, states, titles and times."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable

from ...world import Issue
from .errors import failure

if TYPE_CHECKING:
    from .module import Linear

_TEXT: dict[str, Callable[[str, Any], bool]] = {
    "eq": lambda text, want: text == want,
    "neq": lambda text, want: text != want,
    "eqIgnoreCase": lambda text, want: text.lower() == want.lower(),
    "in": lambda text, want: text in want,
    "nin": lambda text, want: text not in want,
    "contains": lambda text, want: want in text,
    "containsIgnoreCase": lambda text, want: want.lower() in text.lower(),
    "notContains": lambda text, want: want not in text,
    "startsWith": lambda text, want: text.startswith(want),
    "startsWithIgnoreCase": lambda text, want: text.lower().startswith(want.lower()),
    "endsWith": lambda text, want: text.endswith(want),
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, want: value == want,
    "neq": lambda value, want: value != want,
    "gt": lambda value, want: value > want,
    "gte": lambda value, want: value >= want,
    "lt": lambda value, want: value < want,
    "lte": lambda value, want: value <= want,
    "in": lambda value, want: value in want,
    "nin": lambda value, want: value not in want,
}


def matches(linear: "Linear", issue: Issue, wanted: dict[str, Any] | None) -> bool:
    """All conditions of one filter hold; `or` holds when one of its filters does."""
    return all(_holds(linear, issue, name, condition) for name, condition in (wanted or {}).items())


def _holds(linear: "Linear", issue: Issue, name: str, condition: Any) -> bool:
    match name:
        case "and":
            return all(matches(linear, issue, part) for part in condition)
        case "or":
            return any(matches(linear, issue, part) for part in condition)
        case "id":
            return _text(issue.id, condition)
        case "number":
            return _order(float(issue.number), condition)
        case "priority":
            return _nullable(float(issue.priority or 0), condition, _order)
        case "assignee":
            return _person(linear, issue, condition)
        case "labels":
            return _labels(issue, condition)
        case "title":
            return _text(issue.title, condition)
        case "searchableContent":
            return condition.get("contains", "").lower() in f"{issue.title} {issue.description or ''}".lower()
        case "updatedAt":
            return _order(issue.updated, {word: _time(value) for word, value in condition.items()})
        case "team":
            team = linear.world.projects[issue.project]
            values = {"key": team.key, "id": team.id, "name": team.name}
            return all(_text(values[word], part) for word, part in condition.items())
        case "state":
            status = linear.world.status(issue)
            values = {"id": status.id, "name": status.name, "type": status.extra["type"]}
            return all(_text(values[word], part) for word, part in condition.items() if word in values)
    raise failure(f"The simulator does not filter by {name}.")


def _nullable(value: Any, condition: dict[str, Any], test: Callable[[Any, dict[str, Any]], bool]) -> bool:
    """`null: true` wants nothing there; a priority of 0 is none."""
    rest = {word: want for word, want in condition.items() if word != "null"}
    if "null" in condition and condition["null"] != (not value):
        return False
    return test(value, rest)


def _person(linear: "Linear", issue: Issue, condition: dict[str, Any]) -> bool:
    user = linear.world.users.get(issue.assignees[0]) if issue.assignees else None
    for word, part in condition.items():
        if word == "null":
            holds = part == (user is None)
        elif word == "isMe":
            holds = (user is not None and user.login == "alice") == part.get("eq", True)
        else:
            values = {"id": user.id, "email": user.email} if user else {}
            holds = user is not None and _text(values[word], part)
        if not holds:
            return False
    return True


def _labels(issue: Issue, condition: dict[str, Any]) -> bool:
    """`some` (or a bare condition) wants one label that fits, `every` all of them."""
    from .nodes import label_node

    def fits(name: str, part: dict[str, Any]) -> bool:
        row = label_node(name)
        return all(_text(row[word], want) for word, want in part.items() if word in ("id", "name"))

    some = {word: part for word, part in condition.items() if word in ("id", "name")} | (
        condition.get("some") or {}
    )
    every = condition.get("every")
    return (not some or any(fits(name, some) for name in issue.labels)) and (
        every is None or all(fits(name, every) for name in issue.labels)
    )


def simple_match(values: dict[str, str], wanted: dict[str, Any] | None) -> bool:
    """Filters of teams, people, states and labels: texts by name."""
    for name, condition in (wanted or {}).items():
        if name not in values:
            raise failure(f"The simulator does not filter by {name}.")
        if not _text(values[name], condition):
            return False
    return True


def _text(text: str, condition: dict[str, Any]) -> bool:
    return all(_comparator(_TEXT, word)(text, want) for word, want in condition.items())


def _order(value: Any, condition: dict[str, Any]) -> bool:
    return all(_comparator(_ORDER, word)(value, want) for word, want in condition.items())


def _comparator(table: dict[str, Callable[[Any, Any], bool]], word: str) -> Callable[[Any, Any], bool]:
    if word not in table:
        raise failure(f"The simulator does not compare by {word}.")
    return table[word]


def _time(text: Any) -> Any:
    if not isinstance(text, str) or text.startswith(("P", "-P")):
        raise failure("The simulator compares times with ISO 8601 dates only.")
    made = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return made if made.tzinfo else made.replace(tzinfo=timezone.utc)
