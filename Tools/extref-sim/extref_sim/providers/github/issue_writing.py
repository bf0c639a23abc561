# SPDX-License-Identifier: Apache-2.0
"""What GitHub checks in a written issue, and what it silently leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Refusal
from ...call import Call
from ...world import Project
from .errors import error_answer, unprocessable
from .issue_json import PRIORITY_FIELD

if TYPE_CHECKING:
    from .module import GitHub

_NEEDS_PUSH = ("labels", "assignees", "type", "priority")


def checked_values(github: "GitHub", repo: Project, body: dict[str, Any]) -> dict[str, Any]:
    """Attributes of our Issue; refuses people, types and milestones that do not exist. New labels are
    made."""
    values: dict[str, Any] = {}
    if "title" in body:
        values["title"] = str(body["title"])
        if len(values["title"]) > 256:
            raise unprocessable(
                "Issue", "title", "custom", message="title is too long (maximum is 256 characters)"
            )
    if "body" in body:
        values["description"] = body["body"]
    if body.get("labels") is not None:
        values["labels"] = [row if isinstance(row, str) else row.get("name") or "" for row in body["labels"]]
    if body.get("assignees") is not None:
        values["assignees"] = _people(github, body["assignees"])
    if body.get("milestone") is not None:
        raise unprocessable("Issue", "milestone", "invalid", value=str(body["milestone"]))
    if "type" in body:
        values["type"] = _type(github, body["type"])
    if body.get("issue_field_values"):
        values["priority"] = _priority(body["issue_field_values"])
    return values


def _people(github: "GitHub", rows: list[Any]) -> list[str]:
    logins = [row if isinstance(row, str) else row.get("login") or "" for row in rows]
    unknown = [login for login in logins if login not in github.world.users]
    if unknown:
        raise unprocessable("Issue", "assignees", "invalid", value=unknown[0])
    return logins


def _type(github: "GitHub", asked: Any) -> str:
    name = asked if isinstance(asked, str) else (asked or {}).get("value") or ""
    if name and (name not in github.types or not github.settings["issue_types"]):
        raise Refusal(error_answer(422, f"Issue type {name} not found or not enabled"))
    return name


def _priority(rows: list[dict[str, Any]]) -> str:
    row = rows[-1]
    if row["field_id"] != PRIORITY_FIELD["id"] or row["value"] not in PRIORITY_FIELD["options"]:
        raise unprocessable("Issue", "issue_field_values", "invalid", value=str(row["field_id"]))
    return str(row["value"])


def drop_without_push(call: Call, values: dict[str, Any]) -> None:
    """No error, no warning: the answer simply lacks them. The journal tells."""
    dropped = [name for name in _NEEDS_PUSH if values.pop(name, None)]
    if dropped:
        call.violations.append(f"silently dropped without push access: {', '.join(dropped)}")
