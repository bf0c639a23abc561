# SPDX-License-Identifier: Apache-2.0
"""Finding stories: by fields (the delta), by words (1,000 hits at most), by our own URL."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...paging import make_cursor, read_cursor
from ...world import Issue
from .render import slim_json

if TYPE_CHECKING:
    from .module import Shortcut

PAGE_DEFAULT, PAGE_MAX = 25, 250
_TERM = re.compile(r'(-|!)?(?:([a-z]+):)?("[^"]*"|\S+)')


def filtered(shortcut: "Shortcut", call: Call) -> Answer:
    """`POST stories/search` answers 201 and has no pages. Nothing asked is refused: it would be
    everything."""
    ask = {name: value for name, value in call.body.items() if name != "includes_description"}
    if not ask:
        raise shortcut.refuse(
            400, "The request included invalid or missing parameters.", errors={"body": "empty"}
        )
    rows = [row for row in shortcut.world.all_seen() if _fits(shortcut, row, ask)]
    rows.sort(key=lambda row: int(row.id))
    described = bool(call.body.get("includes_description"))
    return json_answer([slim_json(shortcut, row, shortcut.web(call), described) for row in rows], 201)


def _fits(shortcut: "Shortcut", issue: Issue, ask: dict[str, Any]) -> bool:
    status = shortcut.world.status(issue)
    project = shortcut.world.projects[issue.project]
    owners = {shortcut.user(login).id for login in issue.assignees}
    tests = {
        "archived": lambda value: bool(issue.extra.get("archived")) == value,
        "story_type": lambda value: issue.type == value,
        "workflow_state_id": lambda value: int(status.id) == value,
        "workflow_state_types": lambda value: shortcut.type_of(status) in value,
        "project_id": lambda value: value == int(project.id),
        "project_ids": lambda value: int(project.id) in value,
        "owner_id": lambda value: value in owners or value is None and not owners,
        "owner_ids": lambda value: bool(owners & set(value)),
        "label_name": lambda value: value in issue.labels,
        "label_ids": lambda value: bool({shortcut.label_id(name) for name in issue.labels} & set(value)),
        "requested_by_id": lambda value: shortcut.user(issue.reporter).id == value,
        "external_id": lambda value: issue.extra.get("external_id") == value,
    }
    for name, value in ask.items():
        field, _, side = name.rpartition("_")
        if side in ("start", "end"):
            if not _in_time(
                getattr(issue, {"updated_at": "updated", "created_at": "created"}.get(field, "closed")),
                value,
                side,
            ):
                return False
        elif name in tests and not tests[name](value):
            return False
    return True


def _in_time(moment: datetime | None, text: str, side: str) -> bool:
    if moment is None:
        return False
    limit = datetime.fromisoformat(text.replace("Z", "+00:00"))
    moment = moment.replace(microsecond=0)
    return moment >= limit if side == "start" else moment <= limit


def searched(shortcut: "Shortcut", call: Call) -> Answer:
    """`next` is a path with the query in it, to be used as it is."""
    query, most = call.query["query"], shortcut.settings["search_results_max"]
    size = call.query.get("page_size", PAGE_DEFAULT)
    if not 1 <= size <= PAGE_MAX:
        raise shortcut.refuse(422, f"page_size must be 1 to {PAGE_MAX}")
    rows = [row for row in shortcut.world.all_seen() if _matches(shortcut, row, query)]
    rows.sort(key=lambda row: row.updated, reverse=True)
    if len(rows) > most:
        raise Refusal(
            json_answer(
                {
                    "error": "maximum-results-exceeded",
                    "message": f"The search matches more than {most} results.",
                    "maximum-results": 1000,
                },
                400,
            )
        )
    start = _start(shortcut, call.query.get("next"))
    part = rows[start : start + size]
    link = None
    if start + size < len(rows):
        token = make_cursor(at=start + size)
        link = f"/api/v3/search/stories?query={quote(query)}&page_size={size}&next={token}"
    described = call.query.get("detail", "full") == "full"
    data = [slim_json(shortcut, row, shortcut.web(call), described) for row in part]
    return json_answer({"total": len(rows), "data": data, "next": link})


def _start(shortcut: "Shortcut", token: str | None) -> int:
    if token is None:
        return 0
    state = read_cursor(token)
    if state is None:
        raise shortcut.refuse(422, "next is not a token of this API")
    return int(state["at"])


def _matches(shortcut: "Shortcut", issue: Issue, query: str) -> bool:
    status = shortcut.world.status(issue)
    kinds = {"done": status.category == "done", "started": status.category == "in_progress"}
    kinds |= {"unstarted": status.category == "todo", "archived": bool(issue.extra.get("archived"))}
    for minus, name, value in _TERM.findall(query):
        value = value.strip('"').lower()
        values: dict[str, Any] = {
            "state": status.name.lower() == value,
            "type": issue.type == value,
            "label": value in [label.lower() for label in issue.labels],
            "owner": value in issue.assignees,
            "project": issue.project.lower() == value,
            "id": issue.id == value.removeprefix("sc-"),
            "is": kinds.get(value, False),
            "title": value in issue.title.lower(),
            "description": value in (issue.description or "").lower(),
        }
        found = values.get(name, value in f"{issue.title} {issue.description or ''}".lower())
        if found == bool(minus):
            return False
    return True


def by_link(shortcut: "Shortcut", call: Call) -> Answer:
    """The stories that carry exactly this external link: how our back-links are found again."""
    url = call.query["external_link"]
    rows = [row for row in shortcut.world.all_seen() if url in [link["url"] for link in row.links]]
    return json_answer([slim_json(shortcut, row, shortcut.web(call)) for row in rows])
