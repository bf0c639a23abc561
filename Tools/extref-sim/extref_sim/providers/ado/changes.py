# SPDX-License-Identifier: Apache-2.0
"""The report of revisions: every change since a moment or a token, oldest first. The last batch's link is
where to ask next time."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .errors import refused
from .items import checked_fields
from .render import field_values

if TYPE_CHECKING:
    from .module import AzureDevOps

BATCH_MAX = 1000


def revisions(ado: "AzureDevOps", call: Call) -> Answer:
    base, ask = ado.base(call), call.query
    names = checked_fields([n for n in (ask.get("fields") or "").split(",") if n] or None, None)
    rows = _since(ado, call)
    size = min(max(1, ask.get("$maxPageSize", BATCH_MAX)), BATCH_MAX)
    part = rows[:size]
    if part:
        token = f"{part[-1].extra['watermark']};{part[-1].id};{part[-1].rev}"
    else:
        token = ask.get("continuationToken") or f"{ado.revisions[-1].extra['watermark']};0;0"
    where = f"/{call.params['project']}" if "project" in call.params else ""
    link = f"{base}{where}/_apis/wit/reporting/workItemRevisions?continuationToken={token}&api-version=7.1"
    values = [_revision_json(ado, row, base, names, bool(ask.get("includeIdentityRef"))) for row in part]
    return json_answer(
        {
            "values": values,
            "nextLink": link,
            "continuationToken": token,
            "isLastBatch": len(part) == len(rows),
        }
    )


def _since(ado: "AzureDevOps", call: Call) -> list[Issue]:
    ask, project = call.query, ado.project_of(call)
    kept: list[Issue] = ado.revisions
    if ask.get("continuationToken"):
        found = re.fullmatch(r"(\d+);(\d+);(\d+)", ask["continuationToken"])
        if found is None:
            text = "VS402331: The continuation token is not valid."
            raise refused(400, text, "InvalidReportingContinuationTokenException")
        kept = [row for row in kept if row.extra["watermark"] > int(found[1])]
    elif ask.get("startDateTime"):
        since = datetime.fromisoformat(ask["startDateTime"].replace("Z", "+00:00"))
        kept = [row for row in kept if row.updated >= since]
    if project is not None:
        kept = [row for row in kept if row.project == project.key]
    kept = [row for row in kept if _seen(ado, row, bool(ask.get("includeDeleted")))]
    types = [name for name in (ask.get("types") or "").split(",") if name]
    kept = [row for row in kept if not types or row.type in types]
    if ask.get("includeLatestOnly"):
        latest = {row.id: row.extra["watermark"] for row in kept}
        kept = [row for row in kept if latest[row.id] == row.extra["watermark"]]
    return kept


def _seen(ado: "AzureDevOps", row: Issue, deleted_too: bool) -> bool:
    """By what the item is now: a hidden or destroyed one shows none of its revisions."""
    now = ado.world.issues[row.id]
    project = ado.world.projects.get(row.project)
    return now.visible and (project is None or project.visible) and (deleted_too or not now.deleted)


def _revision_json(ado: "AzureDevOps", row: Issue, base: str, names: Any, objects: bool) -> dict[str, Any]:
    """People are texts unless the client asks for identities."""
    values = field_values(ado, row, base, texts=not objects)
    if names is not None:
        wanted = {name.lower() for name in names}
        values = {name: value for name, value in values.items() if name.lower() in wanted}
    return {"id": int(row.id), "rev": row.rev, "fields": values}
