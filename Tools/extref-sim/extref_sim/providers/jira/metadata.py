# SPDX-License-Identifier: Apache-2.0
"""What may be created and where: createmeta, projects, types, priorities, permissions."""

from __future__ import annotations

from typing import Any

from ...answers import Answer, json_answer
from ...call import Call
from ...paging import offset_page
from ...world import Project
from .base import JiraBase
from .catalogue import ADMIN_ONLY, PERMISSIONS, PRIORITIES, SEVERITIES, SEVERITY, TYPES, project_types

PAGE_MAX = 200


class MetadataRequests(JiraBase):
    """Mixed into both providers. The createmeta pages differ in the name of their list."""

    def asked_project(self, call: Call, name: str = "projectIdOrKey") -> Project:
        row = self.world.project(call.params[name])
        if row is None or not row.visible or not self.may_browse(call):
            raise self.refuse(404, f"No project could be found with key '{call.params[name]}'.")
        return row

    def create_types(self, call: Call) -> Answer:
        project, base = self.asked_project(call), self.api(call)
        rows = [self.rendering.type(name, base) for name in project_types(project.key)]
        return self._page(call, rows, "issueTypes" if self.cloud else "values")

    def create_fields(self, call: Call) -> Answer:
        project = self.asked_project(call)
        wanted = call.params["issueTypeId"]
        name = next((name for name in project_types(project.key) if TYPES[name]["id"] == wanted), None)
        if name is None:
            raise self.refuse(400, f"Issue type '{wanted}' does not belong to project '{project.key}'.")
        return self._page(
            call, self._fields(project, name, self.api(call)), "fields" if self.cloud else "values"
        )

    def _page(self, call: Call, rows: list[Any], list_name: str) -> Answer:
        start, limit = call.query.get("startAt", 0), min(call.query.get("maxResults", 50), PAGE_MAX)
        page, last = offset_page(rows, start, limit)
        shown = {"startAt": start, "maxResults": limit, "total": len(rows), list_name: page}
        return json_answer(shown if self.cloud else {**shown, "isLast": last})

    def _fields(self, project: Project, kind: str, base: str) -> list[dict[str, Any]]:
        types = [self.rendering.type(name, base) for name in project_types(project.key)]
        levels = [self.rendering.priority(name, base) for name in PRIORITIES]
        rows = [
            _field("summary", "Summary", "string", True, ["set"]),
            _field("issuetype", "Issue Type", "issuetype", True, [], allowedValues=types),
            _field(
                "project",
                "Project",
                "project",
                True,
                ["set"],
                allowedValues=[self.rendering.project(project, base)],
            ),
            _field("description", "Description", "string", False, ["set"]),
            _field(
                "priority",
                "Priority",
                "priority",
                True,
                ["set"],
                allowedValues=levels,
                defaultValue=self.rendering.priority("Medium", base),
                hasDefaultValue=True,
            ),
            _field(
                "labels",
                "Labels",
                "array",
                False,
                ["add", "set", "remove"],
                autoCompleteUrl=f"{base}/labels/suggest?query=",
            ),
            _field(
                "assignee",
                "Assignee",
                "user",
                False,
                ["set"],
                autoCompleteUrl=f"{base}/user/assignable/search?project={project.key}&query=",
            ),
        ]
        if project.key == "OPS" and kind == "Bug":
            options = [
                {"self": f"{base}/customFieldOption/{number}", "value": name, "id": number}
                for name, number in SEVERITIES.items()
            ]
            rows.append(_field(SEVERITY, "Severity", "option", True, ["set"], allowedValues=options))
        return rows

    def my_permissions(self, call: Call) -> Answer:
        """Without a project, true means "in at least one". Cloud insists on the parameter."""
        asked = call.query.get("permissions")
        if asked is None and self.cloud:
            raise self.refuse(400, "The 'permissions' query parameter is required.")
        names = [name.strip() for name in asked.split(",")] if asked else list(PERMISSIONS)
        unknown = [name for name in names if name not in PERMISSIONS]
        if unknown:
            raise self.refuse(400, f"Unrecognized permission: {', '.join(unknown)}")
        self._check_place(call)
        shown = {
            name: {
                "id": str(10 + PERMISSIONS.index(name)),
                "key": name,
                "name": name.replace("_", " ").title(),
                "type": "GLOBAL" if name in ("ADMINISTER", "SYSTEM_ADMIN") else "PROJECT",
                "description": "",
                "havePermission": self.may_browse(call)
                and name not in ADMIN_ONLY
                and not (name == "LINK_ISSUES" and self.settings["link_permission"] is False),
            }
            for name in names
        }
        return json_answer({"permissions": shown})

    def _check_place(self, call: Call) -> None:
        place = call.query.get("projectKey") or call.query.get("projectId")
        row = self.world.project(place) if place else None
        if place and (row is None or not row.visible):
            raise self.refuse(404, f"No project could be found with key '{place}'.")
        issue = call.query.get("issueKey") or call.query.get("issueId")
        if issue and self.world.seen(issue) is None:
            raise self.refuse(404, "Issue does not exist or you do not have permission to see it.")


def _field(
    name: str, label: str, kind: str, required: bool, operations: list[str], **rest: Any
) -> dict[str, Any]:
    schema = {"type": kind, "system": name}
    if name.startswith("customfield_"):
        schema = {
            "type": kind,
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select",
            "customId": int(name.removeprefix("customfield_")),
        }
    if kind == "array":
        schema["items"] = "string"
    return {
        "required": required,
        "schema": schema,
        "name": label,
        "key": name,
        "hasDefaultValue": False,
        "operations": operations,
        "fieldId": name,
        **rest,
    }
