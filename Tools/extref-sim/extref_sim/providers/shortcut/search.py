# SPDX-License-Identifier: Apache-2.0
"""`GET /search/stories`: words and operators, pages by a `next` path, at most 1,000 results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...paging import make_cursor, read_cursor
from ...world import Issue
from .render import slim_json, story_json

if TYPE_CHECKING:
    from .module import Shortcut

PAGE, PAGE_MAX, RESULTS_MAX = 25, 250, 1000
_TERM = re.compile(r'(-|!)?(?:([a-z]+):)?("[^"]*"|\S+)')
_PATH = "/api/v3/search/stories"


def answer(shortcut: "Shortcut", call: Call) -> Answer:
    size = call.query.get("page_size", PAGE)
    if not 1 <= size <= PAGE_MAX:
        raise shortcut.refuse(400, shortcut.MISMATCH, errors={"page_size": "must be 1 to 250"})
    start = _start(shortcut, call)
    rows = [row for row in shortcut.world.all_seen() if matches(shortcut, row, call.query["query"])]
    rows.sort(key=lambda row: (row.updated, int(row.id)), reverse=True)
    slim = call.query.get("detail", "full") == "slim"
    shape = slim_json if slim else story_json
    more = start + size < len(rows)
    return json_answer(
        {
            "total": len(rows),
            "data": [shape(shortcut, row, call.origin) for row in rows[start : start + size]],
            "next": _next(call, start + size) if more else None,
        }
    )


def _next(call: Call, start: int) -> str:
    """Path and query of the next page, not an absolute address."""
    kept = [(name, text) for name, text in call.query_items if name != "next"]
    return f"{_PATH}?{urlencode([*kept, ('next', make_cursor(start=start))])}"


def _start(shortcut: "Shortcut", call: Call) -> int:
    """The token, or the whole path that `next` held."""
    text = call.query.get("next")
    if text is None:
        return 0
    if text.startswith("/"):
        text = parse_qs(urlsplit(text).query).get("next", [""])[0]
    state = read_cursor(text)
    if state is None or not isinstance(state.get("start"), int):
        raise shortcut.refuse(400, shortcut.MISMATCH, errors={"next": "invalid"})
    if state["start"] >= RESULTS_MAX:
        message = "A maximum of 1000 search results are supported."
        body = {"error": "maximum-results-exceeded", "message": message, "maximum-results": RESULTS_MAX}
        raise Refusal(json_answer(body, 400), "a page beyond 1000 search results")
    return state["start"]


def matches(shortcut: "Shortcut", issue: Issue, query: str) -> bool:
    """All terms hold. An operator that Shortcut does not know is looked for as a word."""
    text = f"{issue.title} {issue.description or ''} {' '.join(issue.labels)}".lower()
    for negated, word, raw in _TERM.findall(query.lower()):
        want = raw.strip('"')
        operator = _OPERATORS.get(word)
        fits = operator(shortcut, issue, want) if operator else (f"{word}:{want}" if word else want) in text
        if fits == bool(negated):
            return False
    return True


def _updated(issue: Issue, want: str, field: str) -> bool:
    """`2026-11-01..*`, `*..2026-11-05`, or one day."""
    day = f"{getattr(issue, field):%Y-%m-%d}"
    first, dots, last = want.partition("..")
    if not dots:
        return day == want
    return (first == "*" or day >= first) and (last == "*" or day <= last)


def _is(shortcut: "Shortcut", issue: Issue, want: str) -> bool:
    kind = shortcut.world.status(issue).extra["type"]
    facts = {
        "done": kind == "done",
        "started": kind == "started",
        "unstarted": kind in ("unstarted", "backlog"),
        "archived": bool(issue.extra.get("archived")),
        "unowned": not issue.assignees,
        "story": True,
    }
    return facts.get(want, False)


_OPERATORS: dict[str, Callable[["Shortcut", Issue, str], bool]] = {
    "id": lambda shortcut, issue, want: issue.id == want.removeprefix("sc-"),
    "is": _is,
    "type": lambda shortcut, issue, want: issue.type == want,
    "label": lambda shortcut, issue, want: want in [name.lower() for name in issue.labels],
    "owner": lambda shortcut, issue, want: want.removeprefix("@") in issue.assignees,
    "requester": lambda shortcut, issue, want: want.removeprefix("@") == issue.reporter,
    "title": lambda shortcut, issue, want: want in issue.title.lower(),
    "description": lambda shortcut, issue, want: want in (issue.description or "").lower(),
    "state": lambda shortcut, issue, want: want in (issue.status.lower(), shortcut.world.status(issue).id),
    "project": lambda shortcut, issue, want: want
    in (issue.project.lower(), shortcut.world.projects[issue.project].name.lower(),
        shortcut.world.projects[issue.project].id),
    "team": lambda shortcut, issue, want: want.startswith(issue.project.lower()),
    "updated": lambda shortcut, issue, want: _updated(issue, want, "updated"),
    "created": lambda shortcut, issue, want: _updated(issue, want, "created"),
}
