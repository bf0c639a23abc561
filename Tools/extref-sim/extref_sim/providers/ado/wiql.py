# SPDX-License-Identifier: Apache-2.0
"""`POST wiql`: a flat query answers ids only; the batch fetches the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .catalogue import field_named
from .errors import missing_field, refused
from .render import field_values, stamp
from .wiql_parser import Condition, Query, WiqlFault, parse

if TYPE_CHECKING:
    from .module import AzureDevOps

RESULTS_MAX = 20_000


def query(ado: "AzureDevOps", call: Call) -> Answer:
    base, text = ado.base(call), (call.body or {}).get("query")
    if not text:
        raise refused(400, "TF51004: The query statement is missing.", "InvalidWiqlException")
    try:
        asked = parse(text)
    except WiqlFault as fault:
        shown = f"{fault} The error is caused by «{fault.near}»."
        raise refused(400, shown, "WorkItemTrackingQueryException") from None
    _check_names(asked)
    rows = _matching(ado, call, asked)
    if "$top" not in call.query and len(rows) > RESULTS_MAX:
        text = f"VS402337: The number of work items returned exceeds the size limit of {RESULTS_MAX}. "
        raise refused(
            400, text + "Change the query to return fewer items.", "WorkItemTrackingQueryResultSizeException"
        )
    rows = rows[: call.query.get("$top", RESULTS_MAX)]
    return json_answer(
        {
            "queryType": "flat",
            "queryResultType": "workItem",
            "asOf": stamp(ado.clock.now()),
            "columns": [_column(name, base) for name in asked.columns],
            "sortColumns": [{"field": _column(name, base), "descending": down} for name, down in asked.order],
            "workItems": [{"id": int(row.id), "url": f"{base}/_apis/wit/workItems/{row.id}"} for row in rows],
        }
    )


def _check_names(asked: Query) -> None:
    for name in [*asked.columns, *(name for name, _ in asked.order), *asked.fields]:
        if field_named(name) is None:
            raise missing_field(name)


def _column(name: str, base: str) -> dict[str, str]:
    row = field_named(name)
    assert row is not None
    return {
        "referenceName": row.reference,
        "name": row.name,
        "url": f"{base}/_apis/wit/fields/{row.reference}",
    }


def _matching(ado: "AzureDevOps", call: Call, asked: Query) -> list[Issue]:
    project = ado.project_of(call)
    macros = {"@project": project.key if project else None, "@me": _me(ado, call), "@today": ado.clock.now()}
    if asked.uses("@project") and project is None:
        text = "TF51011: The specified macro @project needs a project in the address."
        raise refused(400, text, "WorkItemTrackingQueryException")
    rows = []
    for issue in ado.world.all_seen():
        values = {name.lower(): value for name, value in field_values(ado, issue, "", texts=True).items()}
        if asked.where is None or asked.where.holds(
            lambda row, values=values: _compared(row, values, macros)
        ):
            rows.append((issue, values))
    for name, down in reversed(asked.order):
        rows.sort(key=lambda pair, name=name: _sortable(pair[1].get(name.lower())), reverse=down)
    return [issue for issue, _ in rows]


def _me(ado: "AzureDevOps", call: Call) -> str:
    user = ado.user(call.credential.user)  # type: ignore[union-attr]
    return f"{user.name} <{user.email}>"


def _sortable(value: Any) -> tuple[int, Any, str]:
    return (1, value, "") if isinstance(value, int) else (0, 0, str(value or ""))


def _compared(row: Condition, values: dict[str, Any], macros: dict[str, Any]) -> bool:
    """Texts compare without case, numbers as numbers, dates as texts to the precision that was given."""
    mine = values.get(row.field.lower())
    wanted = [macros.get(value, value) if isinstance(value, str) else value for value in row.values]
    if row.operator in ("in", "not in"):
        found = any(_same(mine, value) for value in wanted)
        return found == (row.operator == "in")
    value = wanted[0]
    if row.operator in ("=", "<>"):
        return _same(mine, value) == (row.operator == "=")
    text, part = str(mine or "").lower(), str(value).lower()
    if row.operator in ("contains words", "not contains words"):
        return _has_words(text, part) == (row.operator == "contains words")
    if row.operator in ("contains", "not contains"):
        return (part in text) == (row.operator == "contains")
    if row.operator == "under":
        return text == part or text.startswith(part + "\\")
    return _ordered(row.operator, mine, value)


def _has_words(text: str, wanted: str) -> bool:
    """Full-text search: whole words, or with an asterisk at the end how a word begins."""
    words = re.findall(r"\w+", text)
    return all(
        any(word.startswith(part[:-1]) if part.endswith("*") else word == part for word in words)
        for part in wanted.split()
    )


def _same(mine: Any, value: Any) -> bool:
    if isinstance(mine, int):
        return str(mine) == str(value)
    text, wanted = str(mine or "").lower(), str(value).lower()
    return text == wanted or f"<{wanted}>" in text or text.startswith(f"{wanted} <")


def _ordered(operator: str, mine: Any, value: Any) -> bool:
    if mine is None:
        return False
    if hasattr(value, "strftime"):
        value = f"{value:%Y-%m-%d}"
    left, right = (mine, int(value)) if isinstance(mine, int) else (str(mine)[: len(str(value))], str(value))
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
