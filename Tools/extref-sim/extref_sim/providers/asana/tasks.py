# SPDX-License-Identifier: Apache-2.0
"""Tasks, their stories (comments) and their external attachments."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .render import WORKSPACE, section_record, task_record

if TYPE_CHECKING:
    from .module import Asana

_WRITABLE = (
    "name",
    "notes",
    "html_notes",
    "completed",
    "assignee",
    "resource_subtype",
    "tags",
    "projects",
    "workspace",
    "due_on",
    "due_at",
    "memberships",
    "parent",
    "followers",
    "custom_fields",
    "external",
    "assignee_section",
    "start_on",
    "start_at",
    "liked",
    "approval_status",
    "assignee_status",
)
_NAME_MAX = 1024


def show(asana: "Asana", call: Call) -> Answer:
    issue = asana.found_task(call.params["task_gid"])
    return asana.record(call, task_record(asana, issue, asana.web(call)))


def listed(asana: "Asana", call: Call) -> Answer:
    """One project, one section, or an assignee in a workspace: nothing else can be listed."""
    ask = call.query
    chosen = [name for name in ("project", "section") if name in ask]
    if not (
        len(chosen) == 1 and "assignee" not in ask or not chosen and "assignee" in ask and "workspace" in ask
    ):
        text = "Must specify exactly one of project, tag, section, user task list, or assignee + workspace"
        raise asana.refuse(400, text)
    rows = [row for row in asana.world.all_seen() if _belongs(asana, call, row)]
    since = ask.get("modified_since")
    rows = [row for row in rows if since is None or row.updated > _moment(since)]
    open_since = ask.get("completed_since")
    if open_since is not None:
        rows = [
            row
            for row in rows
            if row.closed is None or open_since != "now" and row.closed > _moment(open_since)
        ]
    return asana.page(call, rows, lambda row: task_record(asana, row, asana.web(call)))


def _belongs(asana: "Asana", call: Call, issue: Issue) -> bool:
    ask, project = call.query, asana.world.projects[issue.project]
    if "project" in ask:
        return project.id == asana.found_project(ask["project"]).id
    if "section" in ask:
        return section_record(asana, project, issue.status)["gid"] == ask["section"]
    login = _login(asana, call, ask["assignee"])
    return bool(issue.assignees) and issue.assignees[0] == login


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _login(asana: "Asana", call: Call, text: str) -> str:
    """`me`, a gid or a mail address."""
    if text == "me" and call.credential is not None:
        return call.credential.user
    for user in asana.world.users.values():
        if text in (user.id, user.email):
            return user.login
    raise asana.refuse(400, f'assignee: Not an email, user ID, or "me": {text}')


def create(asana: "Asana", call: Call) -> Answer:
    data = call.body.get("data") or {}
    _check_names(asana, data)
    projects = data.get("projects") or []
    if not projects and not data.get("workspace") and not data.get("parent"):
        raise asana.refuse(400, "You should specify one of workspace, parent, projects")
    if not projects:
        raise asana.refuse(400, "The simulator keeps tasks only in projects: give projects")
    if data.get("workspace") not in (None, WORKSPACE["gid"]):
        raise asana.refuse(400, f"workspace: Not a recognized ID: {data['workspace']}")
    project = asana.found_project(str(projects[0]))
    values = _values(asana, call, data)
    assert call.credential is not None
    title = values.pop("title", "")
    issue = asana.make_issue(project.key, title, reporter=call.credential.user, **values)
    return asana.record(call, task_record(asana, issue, asana.web(call)), 201)


def update(asana: "Asana", call: Call) -> Answer:
    issue = asana.found_task(call.params["task_gid"])
    data = call.body.get("data") or {}
    _check_names(asana, data)
    assert call.credential is not None
    asana.world.edit(issue, call.credential.user, **_values(asana, call, data))
    return asana.record(call, task_record(asana, issue, asana.web(call)))


def _check_names(asana: "Asana", data: dict[str, Any]) -> None:
    unknown = sorted(set(data) - set(_WRITABLE))
    if unknown:
        raise asana.refuse(400, f"{unknown[0]}: Cannot write this property")


def _values(asana: "Asana", call: Call, data: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in data:
        if len(data["name"]) > _NAME_MAX:
            raise asana.refuse(400, f"name: Too long, the maximum is {_NAME_MAX} characters")
        values["title"] = data["name"]
    if "notes" in data:
        values["description"] = data["notes"]
    if "html_notes" in data:
        if not re.fullmatch(r"<body>.*</body>", data["html_notes"], re.DOTALL):
            raise asana.refuse(400, "html_notes: XML is invalid: the root must be <body>")
        values["description"] = re.sub(r"<[^>]+>", "", data["html_notes"])
    if "completed" in data:
        values["status"] = "Done" if data["completed"] else "To do"
    if "assignee" in data:
        values["assignees"] = [_login(asana, call, str(data["assignee"]))] if data["assignee"] else []
    if "resource_subtype" in data:
        values["type"] = data["resource_subtype"]
    if "tags" in data:
        names = {asana.tag_gid(name): name for name in list(asana._tags)}
        for gid in data["tags"]:
            if gid not in names:
                raise asana.refuse(400, f"tags: Not a recognized ID: {gid}")
        values["labels"] = [names[gid] for gid in data["tags"]]
    return values


def delete(asana: "Asana", call: Call) -> Answer:
    asana.control_delete(asana.found_task(call.params["task_gid"]))
    return json_answer({"data": {}})
