# SPDX-License-Identifier: Apache-2.0
"""The discussion of a work item: a preview API, whose version must say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Comment, Issue
from .errors import refused
from .items import found_item
from .render import identity_json, stamp

if TYPE_CHECKING:
    from .module import AzureDevOps

_TOP_MAX = 200


def _comment_json(ado: "AzureDevOps", issue: Issue, row: Comment, base: str) -> dict[str, Any]:
    person = identity_json(ado.user(row.author), base)
    project = ado.world.projects[issue.project]
    return {
        "workItemId": int(issue.id),
        "id": int(row.id),
        "version": 1,
        "text": row.body,
        "createdBy": person,
        "createdDate": stamp(row.created),
        "modifiedBy": person,
        "modifiedDate": stamp(row.updated),
        "format": "html",
        "url": f"{base}/{project.id}/_apis/wit/workItems/{issue.id}/comments/{row.id}",
    }


def listed(ado: "AzureDevOps", call: Call) -> Answer:
    """Newest first; `ids` picks some."""
    base, issue = ado.base(call), found_item(ado, call, call.params["workItemId"])
    rows = sorted(
        issue.comments, key=lambda row: int(row.id), reverse=call.query.get("order", "desc") == "desc"
    )
    if call.query.get("ids"):
        rows = [row for row in rows if row.id in call.query["ids"].split(",")]
    start = int(call.query.get("continuationToken", 0) or 0)
    part = rows[start : start + min(call.query.get("$top", _TOP_MAX), _TOP_MAX)]
    made: dict[str, Any] = {
        "totalCount": len(rows),
        "count": len(part),
        "comments": [_comment_json(ado, issue, row, base) for row in part],
    }
    if start + len(part) < len(rows):
        made["continuationToken"] = str(start + len(part))
    return json_answer(made)


def create(ado: "AzureDevOps", call: Call) -> Answer:
    base, issue = ado.base(call), found_item(ado, call, call.params["workItemId"])
    text = (call.body or {}).get("text") or ""
    if not text.strip():
        raise refused(400, "VS403317: The comment text is empty.", "InvalidArgumentValueException")
    assert call.credential is not None
    made = ado.world.comment(issue, text, call.credential.user)
    return json_answer(_comment_json(ado, issue, made, base))
