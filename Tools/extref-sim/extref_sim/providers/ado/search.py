# SPDX-License-Identifier: Apache-2.0
"""Work item search: another host, lower-case field names, every value a text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .errors import refused
from .render import field_values

if TYPE_CHECKING:
    from .module import AzureDevOps

TOP_MAX = 1000
_SHOWN = (
    "System.Id",
    "System.WorkItemType",
    "System.Title",
    "System.AssignedTo",
    "System.State",
    "System.Tags",
    "System.Rev",
    "System.CreatedDate",
    "System.ChangedDate",
)
_FILTERS = (
    "System.TeamProject",
    "System.AreaPath",
    "System.WorkItemType",
    "System.State",
    "System.AssignedTo",
)


def search(ado: "AzureDevOps", call: Call) -> Answer:
    base, project, ask = ado.base(call), ado.project_of(call), call.body
    if not ado.settings["search_feature"]:
        raise refused(
            404, "The extension ms.vss-workitem-search is not installed.", "FeatureDisabledException"
        )
    top, words = ask.get("$top"), str(ask.get("searchText") or "").lower().split()
    if not isinstance(top, int) or not 0 < top <= TOP_MAX:
        text = f"The value specified for '$top' is invalid. It must be between 1 and {TOP_MAX}."
        raise refused(400, text, "InvalidQueryException")
    if not words:
        raise refused(400, "The search text cannot be null or empty.", "InvalidQueryException")
    filters = ask.get("filters") or {}
    unknown = set(filters) - set(_FILTERS)
    if unknown:
        text = f"The search filter(s) {', '.join(sorted(unknown))} are not supported."
        raise refused(400, text, "InvalidQueryException")
    rows = [(row, field_values(ado, row, "", texts=True)) for row in ado.world.all_seen()]
    rows = [pair for pair in rows if project is None or pair[0].project == project.key]
    rows = [pair for pair in rows if _fits(pair[1], words, filters)]
    rows.sort(key=lambda pair: pair[0].updated, reverse=True)
    for order in reversed(ask.get("$orderBy") or []):
        _sort(rows, order)
    skip = ask.get("$skip") or 0
    made: dict[str, Any] = {
        "count": len(rows),
        "results": [_result(ado, row, values, words, base) for row, values in rows[skip : skip + top]],
        "infoCode": 0,
        "facets": _facets([values for _, values in rows]) if ask.get("includeFacets") else {},
    }
    return json_answer(made)


def _fits(values: dict[str, Any], words: list[str], filters: dict[str, list[str]]) -> bool:
    text = " ".join(str(values.get(name, "")) for name in (*_SHOWN, "System.Description")).lower()
    return all(word in text for word in words) and all(
        str(values.get(name, "")) in wanted for name, wanted in filters.items()
    )


def _sort(rows: list[tuple[Issue, dict[str, Any]]], order: dict[str, str]) -> None:
    name = order.get("field", "").lower()
    known = {field.lower(): field for field in _SHOWN}
    if name not in known:
        raise refused(400, f"The sort field {name} is not supported.", "InvalidQueryException")
    down = order.get("sortOrder", "ASC").upper() == "DESC"
    rows.sort(key=lambda pair: pair[1].get(known[name]) or 0, reverse=down)


def _result(
    ado: "AzureDevOps", issue: Issue, values: dict[str, Any], words: list[str], base: str
) -> dict[str, Any]:
    project = ado.world.projects[issue.project]
    title = issue.title
    hits = [f"<highlighthit>{word}</highlighthit>" for word in words if word in title.lower()]
    return {
        "project": {"name": project.name, "id": project.id},
        "fields": {name.lower(): str(values.get(name, "")) for name in _SHOWN},
        "hits": [{"fieldReferenceName": "system.title", "highlights": hits}] if hits else [],
        "url": f"{base}/_apis/wit/workItems/{issue.id}",
    }


def _facets(rows: list[dict[str, Any]]) -> dict[str, Any]:
    made = {}
    for name in ("System.TeamProject", "System.WorkItemType", "System.State", "System.AssignedTo"):
        counts = Counter(str(row[name]) for row in rows if name in row)
        made[name] = [{"name": text, "id": text, "resultCount": count} for text, count in counts.items()]
    return made
