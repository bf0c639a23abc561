# SPDX-License-Identifier: Apache-2.0
"""What GitLab checks in a written issue, and what it leaves out without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Refusal
from ...call import Call
from ...world import Issue, Project
from .errors import message_answer, parameter_answer
from .render import label_json

if TYPE_CHECKING:
    from .module import GitLab

TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
_TITLE_MAX = 255


def created_values(gitlab: "GitLab", call: Call) -> dict[str, Any]:
    """Attributes of our Issue. Only the title is a must."""
    values = _values(gitlab, call)
    if "labels" in call.body:
        values["labels"] = _names(call.body["labels"])
    if call.body.get("confidential"):
        values["extra"] = {"confidential": True}
    return values


def edited_values(gitlab: "GitLab", call: Call, issue: Issue) -> dict[str, Any]:
    if not call.body:
        text = "title, description, state_event, labels are missing, at least one parameter must be provided"
        raise Refusal(parameter_answer(text), "an edit without any attribute")
    values, labels = _values(gitlab, call), list(issue.labels)
    if "labels" in call.body:
        labels = _names(call.body["labels"])
    labels += [name for name in _names(call.body.get("add_labels", "")) if name not in labels]
    gone = _names(call.body.get("remove_labels", ""))
    values["labels"] = [name for name in labels if name not in gone]
    event = call.body.get("state_event")
    if event:
        values["status"] = "closed" if event == "close" else "opened"
    if "confidential" in call.body:
        issue.extra["confidential"] = call.body["confidential"]
    return values


def _values(gitlab: "GitLab", call: Call) -> dict[str, Any]:
    body = call.body
    values: dict[str, Any] = {}
    if "title" in body:
        values["title"] = _title(body["title"])
    if "description" in body:
        values["description"] = body["description"]
    if "assignee_ids" in body:
        values["assignees"] = _assignees(gitlab, call, body["assignee_ids"])
    if "issue_type" in body:
        if body["issue_type"] not in TYPES:
            raise Refusal(parameter_answer("issue_type does not have a valid value"), "unknown issue_type")
        values["type"] = body["issue_type"]
    if "milestone_id" in body:
        call.violations.append("silently dropped: there is no such milestone")
    return values


def _title(text: str) -> str:
    if not text.strip():
        raise Refusal(message_answer(400, {"title": ["can't be blank"]}))
    if len(text) > _TITLE_MAX:
        problem = {"title": [f"is too long (maximum is {_TITLE_MAX} characters)"]}
        raise Refusal(message_answer(400, problem))
    return text


def _assignees(gitlab: "GitLab", call: Call, ids: list[int]) -> list[str]:
    """Unknown people are left out; without Premium only one may be assigned."""
    logins = {int(user.id): user.login for user in gitlab.world.users.values()}
    known = [logins[id] for id in ids if id in logins]
    if len(known) < len([id for id in ids if id]):
        call.violations.append("silently dropped: assignees that do not exist")
    if len(known) > 1 and not gitlab.settings["premium"]:
        call.violations.append("silently dropped: assignees beyond the first (no Premium)")
        del known[1:]
    return known


def make_labels(project: Project, values: dict[str, Any]) -> None:
    """Labels that an issue names and the project lacks come into being."""
    for name in values.get("labels", ()):
        label_json(project, name)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
