# SPDX-License-Identifier: Apache-2.0
"""Relay connections with GitHub's two rules: first or last is a must, and 100 is the most."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from ...paging import make_cursor, read_cursor
from .graph_errors import failure

RECORDS_MAX = 100


def connection(rows: Sequence[Any], name: str, render: Callable[[Any], Any], **ask: Any) -> dict[str, Any]:
    """The page of `rows` that first/after or last/before name."""
    first, last = ask.get("first"), ask.get("last")
    if first is None and last is None:
        raise failure(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
        )
    for word, size in (("first", first), ("last", last)):
        if size is not None and size > RECORDS_MAX:
            raise failure(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the "
                f"`{word}` limit of {RECORDS_MAX} records.",
            )
        if size is not None and size < 0:
            raise failure(
                "INVALID_PAGINATION", f"`{word}` on the `{name}` connection cannot be less than zero."
            )
    start = _position(ask.get("after"), name, -1) + 1
    end = _position(ask.get("before"), name, len(rows))
    if first is not None:
        end = min(end, start + first)
    else:
        start = max(start, end - last)
    part = list(rows[start:end])
    info = {
        "hasNextPage": end < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": make_cursor(at=start) if part else None,
        "endCursor": make_cursor(at=start + len(part) - 1) if part else None,
    }
    return {"nodes": [render(row) for row in part], "pageInfo": info, "totalCount": len(rows)}


def _position(cursor: str | None, name: str, absent: int) -> int:
    if cursor is None:
        return absent
    state = read_cursor(cursor)
    if state is None or not isinstance(state.get("at"), int):
        raise failure("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.")
    return state["at"]
