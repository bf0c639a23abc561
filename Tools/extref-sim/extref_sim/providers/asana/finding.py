# SPDX-License-Identifier: Apache-2.0
"""Who am I, what there is, and how tasks are found: typeahead for everybody, full search for paid
workspaces."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .render import WORKSPACE, project_record, section_record, shown, tag_record, task_record, user_record

if TYPE_CHECKING:
    from .module import Asana

SEARCH_MAX, TYPEAHEAD_MAX = 100, 100


def user(asana: "Asana", call: Call) -> Answer:
    asked = call.params["user_gid"]
    assert call.credential is not None
    if asked == "me":
        return asana.record(call, user_record(asana.user(call.credential.user)))
    found = next((row for row in asana.world.users.values() if asked in (row.id, row.email)), None)
    if found is None:
        raise asana.refuse(404, f"user: Unknown object: {asked}")
    return asana.record(call, user_record(found))


def users(asana: "Asana", call: Call) -> Answer:
    _check_workspace(asana, call)
    return asana.page(call, list(asana.world.users.values()), user_record)


def workspaces(asana: "Asana", call: Call) -> Answer:
    return asana.page(call, [WORKSPACE], dict)


def projects(asana: "Asana", call: Call) -> Answer:
    rows = [row for row in asana.world.projects.values() if row.visible and not call.query.get("archived")]
    return asana.page(call, rows, project_record)


def sections(asana: "Asana", call: Call) -> Answer:
    project = asana.found_project(call.params["project_gid"])
    return asana.page(call, list(asana.world.statuses), lambda name: section_record(asana, project, name))


def _check_workspace(asana: "Asana", call: Call) -> None:
    asked = call.params["workspace_gid"]
    if asked != WORKSPACE["gid"]:
        raise asana.refuse(404, f"workspace: Unknown object: {asked}")


def search(asana: "Asana", call: Call) -> Answer:
    """At most 100 results and no pages: clients go on by narrowing the time."""
    _check_workspace(asana, call)
    if not asana.settings["paid"]:
        raise asana.refuse(402, "Search is only available to premium users.")
    ask = call.query
    rows = [row for row in asana.world.all_seen() if _fits(asana, row, ask)]
    field = {"created_at": "created"}.get(ask.get("sort_by", "modified_at"), "updated")
    rows.sort(
        key=lambda row: (getattr(row, field), int(row.id)), reverse=not ask.get("sort_ascending", False)
    )
    data = [shown(call, task_record(asana, row, asana.web(call)), False) for row in rows[:SEARCH_MAX]]
    return json_answer({"data": data})


def _fits(asana: "Asana", issue: Issue, ask: dict[str, Any]) -> bool:
    text = f"{issue.title} {issue.description or ''}".lower()
    if not all(word in text for word in ask.get("text", "").lower().split()):
        return False
    project = asana.world.projects[issue.project]
    if "projects.any" in ask and project.id not in ask["projects.any"].split(","):
        return False
    if "completed" in ask and (issue.closed is not None) != ask["completed"]:
        return False
    for name, moment in (("modified_at", issue.updated), ("created_at", issue.created)):
        after, before = ask.get(f"{name}.after"), ask.get(f"{name}.before")
        if after is not None and moment <= datetime.fromisoformat(after.replace("Z", "+00:00")):
            return False
        if before is not None and moment >= datetime.fromisoformat(before.replace("Z", "+00:00")):
            return False
    return True


def typeahead(asana: "Asana", call: Call) -> Answer:
    """The search box: compact records whose name holds the words."""
    _check_workspace(asana, call)
    kind, word = call.query["resource_type"], call.query.get("query", "").lower()
    tags = sorted({name for issue in asana.world.all_seen() for name in issue.labels})
    rows: list[dict[str, Any]] = {
        "task": [task_record(asana, row, asana.web(call)) for row in asana.world.all_seen()],
        "project": [project_record(row) for row in asana.world.projects.values() if row.visible],
        "user": [user_record(row) for row in asana.world.users.values()],
        "tag": [tag_record(asana, name) for name in tags],
    }.get(kind, [])
    named = ("gid", "resource_type", "name")
    found = [{name: row[name] for name in named} for row in rows if word in row["name"].lower()]
    size = min(max(1, call.query.get("count", 20)), TYPEAHEAD_MAX)
    return json_answer({"data": [shown(call, row, False) for row in found[:size]]})
