# SPDX-License-Identifier: Apache-2.0
"""GitLab's two ways to page: by number with X- headers, and keyset with a cursor in the next link only."""

from __future__ import annotations

from typing import Any, Callable, Sequence
from urllib.parse import urlencode

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...paging import make_cursor, numbered_page, read_cursor
from .errors import parameter_answer

PER_PAGE, PER_PAGE_MAX = 20, 100
COUNTED_ROWS_MAX = 10_000
"""Beyond it X-Total and X-Total-Pages are missing, and so is the last link."""


def paged(call: Call, rows: Sequence[Any], render: Callable[[Any], Any]) -> Answer:
    size, page = int(call.query.get("per_page", PER_PAGE)), int(call.query.get("page", 1))
    if size > PER_PAGE_MAX:
        call.violations.append(f"per_page {size} is silently cut to {PER_PAGE_MAX}")
    if size < 1 or page < 1:
        name = "per_page" if size < 1 else "page"
        raise Refusal(parameter_answer(f"{name} does not have a valid value"), f"{name} below 1")
    size = min(size, PER_PAGE_MAX)
    if "cursor" in call.query or call.query.get("pagination") == "keyset":
        return _keyset(call, rows, render, size)
    part, pages = numbered_page(rows, page, size)
    counted = len(rows) <= COUNTED_ROWS_MAX
    places = {"prev": page - 1, "next": page + 1, "first": 1} | ({"last": pages} if counted else {})
    links = [
        f'<{_url(call, page=number, per_page=size)}>; rel="{rel}"'
        for rel, number in places.items()
        if 1 <= number <= pages
    ]
    headers = {
        "Link": ", ".join(links),
        "X-Next-Page": str(page + 1) if page < pages else "",
        "X-Page": str(page),
        "X-Per-Page": str(size),
        "X-Prev-Page": str(page - 1) if page > 1 else "",
    }
    if counted:
        headers |= {"X-Total": str(len(rows)), "X-Total-Pages": str(pages)}
    return json_answer([render(row) for row in part], 200, headers, content_type="application/json")


def _keyset(call: Call, rows: Sequence[Any], render: Callable[[Any], Any], size: int) -> Answer:
    start = 0
    if "cursor" in call.query:
        state = read_cursor(call.query["cursor"])
        if state is None:
            raise Refusal(parameter_answer("cursor is invalid"), "a cursor that GitLab did not make")
        start = next((place + 1 for place, row in enumerate(rows) if row.id == state.get("id")), len(rows))
    part = list(rows[start : start + size])
    headers = {"X-Per-Page": str(size)}
    if start + size < len(rows):
        headers["Link"] = f'<{_url(call, cursor=make_cursor(id=part[-1].id), per_page=size)}>; rel="next"'
    return json_answer([render(row) for row in part], 200, headers, content_type="application/json")


def _url(call: Call, **changes: Any) -> str:
    rest = [(name, text) for name, text in call.query_items if name not in changes]
    return f"{call.origin}{call.raw_path}?{urlencode([*rest, *((k, str(v)) for k, v in changes.items())])}"
