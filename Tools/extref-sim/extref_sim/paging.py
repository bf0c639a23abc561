# SPDX-License-Identifier: Apache-2.0
"""The three ways trackers cut lists: by offset, by page number with a Link header, by opaque cursor."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Sequence
from urllib.parse import urlencode


def offset_page(rows: Sequence[Any], start: int, limit: int) -> tuple[list[Any], bool]:
    """(rows of the page, whether it is the last one)."""
    return list(rows[start : start + limit]), start + limit >= len(rows)


def numbered_page(rows: Sequence[Any], page: int, per_page: int) -> tuple[list[Any], int]:
    """(rows of the page, number of pages; at least 1)."""
    pages = max(1, -(-len(rows) // per_page))
    start = (page - 1) * per_page
    return list(rows[start : start + per_page]), pages


def link_header(url: str, query: Sequence[tuple[str, str]], page: int, pages: int) -> dict[str, str]:
    """RFC 8288 `Link` with first, prev, next, last; empty when everything fits on one page."""
    if pages <= 1:
        return {}
    rest = [(name, text) for name, text in query if name != "page"]
    places = {"prev": page - 1, "next": page + 1, "last": pages, "first": 1}
    wanted = [(rel, number) for rel, number in places.items() if 1 <= number <= pages and number != page]
    links = [f'<{url}?{urlencode([*rest, ("page", str(number))])}>; rel="{rel}"' for rel, number in wanted]
    return {"Link": ", ".join(links)}


def make_cursor(**state: Any) -> str:
    """An opaque, URL-safe token: adapters must hand it back as it is."""
    return base64.urlsafe_b64encode(json.dumps(state, sort_keys=True).encode()).decode().rstrip("=")


def read_cursor(token: str) -> dict[str, Any] | None:
    """The state inside, or None for a token this simulator did not make."""
    try:
        state = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return None
    return state if isinstance(state, dict) else None
