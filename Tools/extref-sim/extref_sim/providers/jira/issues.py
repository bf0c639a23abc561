# SPDX-License-Identifier: Apache-2.0
"""Issue requests of both Jiras: get, create, comments, transitions."""

from __future__ import annotations

import re
from typing import Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...paging import offset_page
from ...world import Project
from .adf import is_document
from .base import JiraBase
from .catalogue import PRIORITIES, SEVERITIES, SEVERITY, project_types, type_named

_KNOWN = {
    "project",
    "issuetype",
    "summary",
    "description",
    "labels",
    "priority",
    "assignee",
    "reporter",
    "duedate",
    "parent",
    "components",
    "fixVersions",
    SEVERITY,
}


class IssueRequests(JiraBase):
    """Mixed into both providers."""

    def get_issue(self, call: Call) -> Answer:
        issue = self.asked_issue(call)
        return json_answer(
            self.rendering.issue(
                issue, self.api(call), call.query.get("fields"), call.query.get("expand", "")
            )
        )

    def create_issue(self, call: Call) -> Answer:
        """Required fields, known fields, the forms of values; all errors in one answer."""
        if not self.may_browse(call):
            raise self.refuse(403, "You do not have permission to create issues in this project.")
        body = call.body if isinstance(call.body, dict) else {}
        fields = body.get("fields")
        if not isinstance(fields, dict):
            raise self.refuse(400, "Issue fields are missing.")
        if body.get("update"):
            raise self.refuse(400, "The simulator takes no update operations on create.")
        project, kind, errors = self._judged_fields(fields)
        if errors:
            raise self.refuse(400, "", errors)
        values = self._values(fields)
        issue = self.make_issue(
            project.key, fields["summary"].strip(), type=kind, reporter=self.user_of(call), **values
        )
        return json_answer(
            {"id": issue.id, "key": issue.key, "self": f"{self.api(call)}/issue/{issue.id}"}, 201
        )

    def _judged_fields(self, fields: dict[str, Any]) -> tuple[Project, str, dict[str, str]]:
        errors: dict[str, str] = {}
        project = self._asked_project(fields.get("project"))
        kind = type_named(fields.get("issuetype"))
        if project is None:
            errors["project"] = "Specify a valid project ID or key"
        if kind is None or project is not None and kind not in project_types(project.key):
            errors["issuetype"] = "Specify a valid issue type"
        self._judge_texts(fields, errors)
        self._judge_choices(fields, errors)
        unknown = set(fields) - _KNOWN
        needs = project is not None and project.key == "OPS" and kind == "Bug"
        if SEVERITY in fields and not needs:
            unknown.add(SEVERITY)
        for name in unknown:
            errors[name] = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        if needs and not fields.get(SEVERITY):
            errors[SEVERITY] = "Severity is required."
        return project, kind or "", errors  # type: ignore[return-value]

    def _asked_project(self, value: Any) -> Project | None:
        if not isinstance(value, dict):
            return None
        row = next(
            (
                row
                for row in self.world.projects.values()
                if value.get("id") == row.id or value.get("key") == row.key
            ),
            None,
        )
        return row if row is not None and row.visible else None

    def _judge_texts(self, fields: dict[str, Any], errors: dict[str, str]) -> None:
        summary, text = fields.get("summary"), fields.get("description")
        if not isinstance(summary, str) or not summary.strip():
            errors["summary"] = "You must specify a summary of the issue."
        elif len(summary) > 255:
            errors["summary"] = "Summary can't exceed 255 characters."
        elif "\n" in summary or "\r" in summary:
            errors["summary"] = "The summary is invalid because it contains newline characters."
        if text is not None and self.cloud and not is_document(text):
            errors["description"] = (
                "Operation value must be an Atlassian Document (see the Atlassian Document " "Format)"
            )
        if text is not None and not self.cloud and not isinstance(text, str):
            errors["description"] = "Operation value must be a string"
        for label in fields.get("labels") or ():
            if not isinstance(label, str) or re.search(r"\s", label):
                errors["labels"] = f"The label '{label}' contains spaces which is invalid."

    def _judge_choices(self, fields: dict[str, Any], errors: dict[str, str]) -> None:
        if fields.get("priority") is not None and _priority(fields["priority"]) is None:
            errors["priority"] = "The priority selected is invalid."
        if fields.get("assignee") is not None and self.login_of(fields["assignee"]) is None:
            errors["assignee"] = "Specify a valid value for assignee"
        if fields.get(SEVERITY) is not None and _severity(fields[SEVERITY]) is None:
            errors[SEVERITY] = "Specify a valid value for Severity"

    def _values(self, fields: dict[str, Any]) -> dict[str, Any]:
        assignee = self.login_of(fields.get("assignee"))
        severity = _severity(fields.get(SEVERITY))
        extra = {"duedate": fields.get("duedate"), **({SEVERITY: severity} if severity else {})}
        return {
            "description": fields.get("description"),
            "labels": list(fields.get("labels") or ()),
            "priority": _priority(fields.get("priority")) or self.default_priority,
            "assignees": [assignee] if assignee else [],
            "extra": extra,
        }

    def login_of(self, value: Any) -> str | None:
        """Cloud names users by accountId (`id` too), Data Center by name."""
        if not isinstance(value, dict):
            return None
        wanted = (value.get("accountId") or value.get("id")) if self.cloud else value.get("name")
        return next(
            (
                row.login
                for row in self.world.users.values()
                if wanted == (row.id if self.cloud else row.login)
            ),
            None,
        )

    def get_comments(self, call: Call) -> Answer:
        issue = self.asked_issue(call)
        start, limit = call.query.get("startAt", 0), min(call.query.get("maxResults", 100), 5000)
        newest_first = str(call.query.get("orderBy", "created")).startswith("-")
        rows = issue.comments[::-1] if newest_first else issue.comments
        page, _ = offset_page(rows, start, limit)
        shown = [self.rendering.comment(issue, row, self.api(call)) for row in page]
        return json_answer({"startAt": start, "maxResults": limit, "total": len(rows), "comments": shown})

    def add_comment(self, call: Call) -> Answer:
        issue = self.asked_issue(call)
        body = call.body.get("body") if isinstance(call.body, dict) else None
        wrong = not is_document(body) if self.cloud else not isinstance(body, str) or not body.strip()
        if wrong:
            raise self.refuse(
                400,
                "",
                {"comment": "Comment body is not valid!" if body else "Comment body can not be empty!"},
            )
        made = self.world.comment(issue, body, self.user_of(call) or "alice")
        return json_answer(self.rendering.comment(issue, made, self.api(call)), 201)

    def get_transitions(self, call: Call) -> Answer:
        issue, base = self.asked_issue(call), self.api(call)
        rows = [
            {
                "id": str(11 + index * 10),
                "name": status.name,
                "to": self.rendering.status(status, base),
                "hasScreen": False,
                "isGlobal": True,
                "isInitial": False,
                "isAvailable": True,
                "isConditional": False,
                "isLooped": False,
            }
            for index, status in enumerate(self.statuses)
            if status.name != issue.status
        ]
        return json_answer({"expand": "transitions", "transitions": rows})

    def do_transition(self, call: Call) -> Answer:
        issue = self.asked_issue(call)
        number = str((call.body.get("transition") or {}).get("id", ""))
        names = {str(11 + index * 10): status.name for index, status in enumerate(self.statuses)}
        if number not in names:
            raise self.refuse(400, f"Transition id '{number}' is not valid for this issue.")
        self.control_edit(issue, {"status": names[number]})
        return empty_answer()


def _priority(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    return next(
        (
            name
            for name, number in PRIORITIES.items()
            if number == value.get("id") or name == value.get("name")
        ),
        None,
    )


def _severity(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    return next(
        (
            name
            for name, number in SEVERITIES.items()
            if number == value.get("id") or name == value.get("value")
        ),
        None,
    )
