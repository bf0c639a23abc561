# SPDX-License-Identifier: Apache-2.0
"""GitHub's paging: page and per_page, and a Link header that names repositories by their id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Sequence

from ...answers import Answer, json_answer
from ...call import Call
from ...paging import link_header, numbered_page

if TYPE_CHECKING:
    from .module import GitHub

PER_PAGE, PER_PAGE_MAX = 30, 100


def cut(call: Call, rows: Sequence[Any]) -> tuple[list[Any], int, int]:
    """(rows of the page, page, pages). Sizes beyond the maximum are cut, as the vendor does; the journal
    says so."""
    asked = call.query.get("per_page", PER_PAGE)
    if asked > PER_PAGE_MAX:
        call.violations.append(f"per_page {asked} is silently cut to {PER_PAGE_MAX}")
    page = max(1, call.query.get("page", 1))
    part, pages = numbered_page(rows, page, min(asked, PER_PAGE_MAX) if asked > 0 else PER_PAGE)
    return part, page, pages


def links(github: "GitHub", call: Call, page: int, pages: int) -> dict[str, str]:
    path = call.raw_path
    if "owner" in call.params:
        repo = github.world.project(f"{call.params['owner']}/{call.params['repo']}")
        path = re.sub(r"/repos/[^/]+/[^/]+", f"/repositories/{repo.id if repo else 0}", path, count=1)
    return link_header(call.origin + path, call.query_items, page, pages)


def paged(github: "GitHub", call: Call, rows: Sequence[Any], render: Callable[[Any], Any]) -> Answer:
    part, page, pages = cut(call, rows)
    return json_answer([render(row) for row in part], headers=links(github, call, page, pages))
