# SPDX-License-Identifier: Apache-2.0
"""Issues: list by query, one, create, change, comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer
from ...call import Call
from ...world import Comment, Issue, Project
from .entities import FIELDS, PRIORITIES, TYPES, comment_entity, issue_entity, shown_name
from .query import QueryFault, matching

if TYPE_CHECKING:
    from .module import YouTrack


def _found(youtrack: "YouTrack", call: Call, text: str | None) -> list[Issue]:
    try:
        return matching(youtrack, call.credential.user if call.credential else "", text or "")
    except QueryFault as fault:
        raise youtrack.refuse(400, f"Can't parse search query: {fault}", error="invalid_query") from None


def listed(youtrack: "YouTrack", call: Call) -> Answer:
    rows = youtrack.page(call, _found(youtrack, call, call.query.get("query")))
    return youtrack.entity(call, [_cut(call, issue_entity(youtrack, row)) for row in rows])


def _cut(call: Call, entity: dict[str, Any]) -> dict[str, Any]:
    """`customFields=State&customFields=Type` shows only those."""
    wanted = call.query.get("customFields")
    if wanted:
        entity["customFields"] = [row for row in entity["customFields"] if row["name"] in wanted]
    return entity


def count(youtrack: "YouTrack", call: Call) -> Answer:
    """-1 while the server is still counting; ours is always done."""
    rows = _found(youtrack, call, (call.body or {}).get("query"))
    return youtrack.entity(call, {"$type": "IssueCountResponse", "id": "count", "count": len(rows)})


def show(youtrack: "YouTrack", call: Call) -> Answer:
    return youtrack.entity(call, _cut(call, issue_entity(youtrack, youtrack.found_issue(call.params["id"]))))


def create(youtrack: "YouTrack", call: Call) -> Answer:
    body = call.body
    asked = body.get("project") or {}
    id = asked.get("id") or asked.get("shortName")
    if not id:
        raise youtrack.refuse(400, "Project is required", error_field="project")
    project = youtrack.found_project(str(id))
    values = _values(youtrack, project, body)
    if not (values.get("title") or "").strip():
        raise youtrack.refuse(400, "Summary is required", error_field="summary")
    for field in project.extra.get("required", ()):
        if not values.get({"Type": "type", "Priority": "priority"}[field]):
            raise _required(youtrack, shown_name(project, field))
    assert call.credential is not None
    issue = youtrack.make_issue(project.key, values.pop("title"), reporter=call.credential.user, **values)
    return youtrack.entity(call, issue_entity(youtrack, issue))


def _required(youtrack: "YouTrack", name: str) -> Exception:
    """What a workflow says when a field is missing."""
    return youtrack.refuse(
        400, f"{name} is required", error="Field required", error_field=name, error_workflow_type="require"
    )


def update(youtrack: "YouTrack", call: Call) -> Answer:
    """A new project moves the issue: a new readable id, while the old one goes on resolving."""
    issue = youtrack.found_issue(call.params["id"])
    target = call.body.get("project")
    project = youtrack.world.projects[issue.project]
    if target:
        project = youtrack.found_project(str(target.get("id") or target.get("shortName")))
    values = _values(youtrack, project, call.body)
    if "title" in values and not (values["title"] or "").strip():
        raise youtrack.refuse(400, "Summary is required", error_field="summary")
    if project.key != issue.project:
        youtrack.control_move(issue, project.key)
    assert call.credential is not None
    if values:
        youtrack.world.edit(issue, call.credential.user, **values)
    return youtrack.entity(call, issue_entity(youtrack, issue))


def _values(youtrack: "YouTrack", project: Project, body: dict[str, Any]) -> dict[str, Any]:
    """Attributes of our Issue. Custom fields go by the project's own names and must say their $type."""
    values: dict[str, Any] = {}
    if "summary" in body:
        values["title"] = body["summary"]
    if "description" in body:
        values["description"] = body["description"]
    if "tags" in body:
        values["labels"] = [str(row.get("name")) for row in body["tags"]]
    names = {shown_name(project, field): field for field in FIELDS}
    for row in body.get("customFields", ()):
        if row.get("name") not in names:
            raise youtrack.refuse(400, f"Custom field {row.get('name')} is not in project {project.key}")
        if not row.get("$type"):
            raise youtrack.refuse(400, f"Type of custom field {row['name']} is not given")
        values |= _custom(youtrack, names[row["name"]], row["name"], row.get("value"))
    return values


def _custom(youtrack: "YouTrack", field: str, name: str, value: Any) -> dict[str, Any]:
    text = (value or {}).get("login" if field == "Assignee" else "name")
    if field == "Assignee":
        if text is not None and text not in youtrack.world.users:
            raise youtrack.refuse(400, f"No such user: {text}", error_field=name)
        return {"assignees": [text] if text else []}
    choices = {"State": tuple(youtrack.world.statuses), "Priority": PRIORITIES, "Type": TYPES}[field]
    if text not in choices and not (text is None and field != "State"):
        raise youtrack.refuse(400, f"{name}: no value {text!r} in this field", error_field=name)
    return {{"State": "status", "Priority": "priority", "Type": "type"}[field]: text}


# -- Comments --------------------------------------------------------------------------------------------


def comments(youtrack: "YouTrack", call: Call) -> Answer:
    issue = youtrack.found_issue(call.params["id"])
    rows = youtrack.page(call, issue.comments)
    return youtrack.entity(call, [comment_entity(youtrack, row) for row in rows])


def add_comment(youtrack: "YouTrack", call: Call) -> Answer:
    issue = youtrack.found_issue(call.params["id"])
    text = call.body.get("text") or ""
    if not text.strip():
        raise youtrack.refuse(400, "Comment text is required", error_field="text")
    assert call.credential is not None
    return youtrack.entity(
        call, comment_entity(youtrack, youtrack.world.comment(issue, text, call.credential.user))
    )


def _comment(youtrack: "YouTrack", call: Call) -> tuple[Issue, Comment]:
    issue = youtrack.found_issue(call.params["id"])
    found = next((row for row in issue.comments if f"4-{row.id}" == call.params["comment_id"]), None)
    if found is None:
        raise youtrack.refuse(404, f"Entity with id {call.params['comment_id']} not found")
    return issue, found


def edit_comment(youtrack: "YouTrack", call: Call) -> Answer:
    _, row = _comment(youtrack, call)
    row.body, row.updated = call.body.get("text", row.body), youtrack.clock.now()
    return youtrack.entity(call, comment_entity(youtrack, row))


def delete_comment(youtrack: "YouTrack", call: Call) -> Answer:
    issue, row = _comment(youtrack, call)
    issue.comments.remove(row)
    return empty_answer(200)
