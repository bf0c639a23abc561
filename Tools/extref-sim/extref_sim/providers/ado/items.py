# SPDX-License-Identifier: Apache-2.0
"""Reading work items: one, up to 200 at once, and what the recycle bin holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .catalogue import field_named
from .errors import missing_field, missing_item, refused
from .render import identity_text, item_json, stamp

if TYPE_CHECKING:
    from .module import AzureDevOps

IDS_MAX = 200


def found_item(ado: "AzureDevOps", call: Call, id: Any) -> Issue:
    """Of the project in the address, when it names one."""
    issue = ado.world.seen(str(id)) if str(id).isdigit() else None
    project = ado.project_of(call)
    if issue is None or project is not None and issue.project != project.key:
        raise missing_item(id)
    return issue


def checked_fields(names: list[str] | None, expand: str | None) -> list[str] | None:
    """`fields` and `$expand` exclude each other; a field that does not exist fails the whole call."""
    if names is None:
        return None
    if expand not in (None, "none"):
        text = "The expand parameter can not be used with the fields parameter."
        raise refused(400, text, "ConflictingParametersException")
    for name in names:
        if field_named(name) is None:
            raise missing_field(name)
    return names


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


def show(ado: "AzureDevOps", call: Call) -> Answer:
    """Links are in it unless `fields` is used; relations only when expanded."""
    base, expand = ado.base(call), call.query.get("$expand")
    issue = found_item(ado, call, call.params["id"])
    fields = checked_fields(_names(call.query.get("fields")), expand)
    made = item_json(ado, issue, base, fields, expand in ("relations", "all"), fields is None)
    return json_answer(made)


def listed(ado: "AzureDevOps", call: Call) -> Answer:
    """`GET workitems?ids=`: equal to the batch."""
    texts = call.query["ids"].split(",")
    if not all(text.strip().isdigit() for text in texts):
        raise refused(400, "VS403302: The value of ids is not valid.", "InvalidArgumentValueException")
    ids = [int(text) for text in texts]
    ask = {"$expand": call.query.get("$expand"), "errorPolicy": call.query.get("errorPolicy")}
    return _many(ado, call, ids, _names(call.query.get("fields")), ask)


def batch(ado: "AzureDevOps", call: Call) -> Answer:
    return _many(ado, call, call.body.get("ids") or [], call.body.get("fields"), call.body)


def _many(
    ado: "AzureDevOps", call: Call, ids: list[int], names: list[str] | None, ask: dict[str, Any]
) -> Answer:
    """One lost item fails all of them, unless errorPolicy is omit: then it is null in its place."""
    base, expand = ado.base(call), ask.get("$expand")
    if not ids:
        raise refused(400, "VS403302: The value of ids is not valid.", "InvalidArgumentValueException")
    if len(ids) > IDS_MAX:
        text = (
            f"VS403474: You requested the retrieval of {len(ids)} work items which exceeds the limit of 200."
        )
        raise refused(400, text, "WorkItemPageSizeExceededException")
    fields = checked_fields(names, expand)
    project, rows = ado.project_of(call), []
    for id in ids:
        issue = ado.world.seen(str(id))
        if issue is not None and project is not None and issue.project != project.key:
            issue = None
        if issue is None and ask.get("errorPolicy") != "omit":
            raise missing_item(id)
        rows.append(_shown(ado, issue, base, fields, expand))
    return json_answer({"count": len(rows), "value": rows})


def _shown(ado: "AzureDevOps", issue: Issue | None, base: str, fields: Any, expand: str | None) -> Any:
    if issue is None:
        return None
    return item_json(ado, issue, base, fields, expand in ("relations", "all"), expand in ("links", "all"))


def recycled(ado: "AzureDevOps", call: Call) -> Answer:
    """What was deleted can be seen here until somebody destroys it; everything else is not found."""
    base, project = ado.base(call), ado.project_of(call)
    issue = ado.world.find(call.params["id"]) if call.params["id"].isdigit() else None
    if issue is None or not issue.deleted or not issue.visible or project and issue.project != project.key:
        raise missing_item(call.params["id"])
    author = issue.history[-1].author if issue.history else issue.reporter
    return json_answer(
        {
            "id": issue.id,
            "type": issue.type,
            "name": issue.title,
            "project": issue.project,
            "deletedDate": stamp(issue.updated),
            "deletedBy": identity_text(ado.user(author)),
            "url": f"{base}/_apis/wit/recycleBin/{issue.id}",
            "resource": item_json(ado, issue, base),
        }
    )
