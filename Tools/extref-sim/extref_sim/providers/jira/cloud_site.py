# SPDX-License-Identifier: Apache-2.0
"""Jira Cloud's site: who am I, server info, projects, statuses, priorities, users, fields, changelogs."""

from __future__ import annotations

from typing import Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...paging import make_cursor, offset_page, read_cursor
from .base import JiraBase
from .catalogue import CATEGORIES, PRIORITIES, SEVERITY, TIME_ZONE, project_types
from .metadata import MetadataRequests
from .rendering import jira_date

_FIELDS = {
    "summary": "string",
    "status": "status",
    "assignee": "user",
    "priority": "priority",
    "labels": "array",
    "issuetype": "issuetype",
    "updated": "datetime",
    "created": "datetime",
    "description": "string",
    "resolution": "resolution",
    "project": "project",
    SEVERITY: "option",
}


class CloudSite(MetadataRequests, JiraBase):
    """Mixed into Jira Cloud."""

    def myself(self, call: Call) -> Answer:
        if call.credential is None:
            raise self.refuse(401, "Client must be authenticated to access this resource.")
        return json_answer(
            {
                **self.rendering.user(call.credential.user, self.api(call), full=True),  # type: ignore
                "groups": {"size": 1, "items": []},
                "applicationRoles": {"size": 1, "items": []},
            }
        )

    def server_info(self, call: Call) -> Answer:
        return json_answer(
            {
                "baseUrl": f"{call.origin}/jira",
                "displayUrl": f"{call.origin}/jira",
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "buildNumber": 100292,
                "deploymentType": "Cloud",
                "buildDate": "2026-11-01T00:00:00.000+0000",
                "serverTime": jira_date(self.clock.now()),
                "scmInfo": "sim",
                "serverTitle": "Jira",
                "serverTimeZone": TIME_ZONE,
            }
        )

    def _beans(self, call: Call, rows: list[Any], default: int = 50) -> Answer:
        """Atlassian's usual page."""
        start, limit = int(call.query.get("startAt", 0)), int(call.query.get("maxResults", default))
        page, last = offset_page(rows, start, limit)
        address = f"{call.origin}{call.raw_path}"
        shown = {
            "self": f"{address}?startAt={start}&maxResults={limit}",
            "maxResults": limit,
            "startAt": start,
            "total": len(rows),
            "isLast": last,
            "values": page,
        }
        if not last:
            shown["nextPage"] = f"{address}?startAt={start + limit}&maxResults={limit}"
        return json_answer(shown)

    def search_projects(self, call: Call) -> Answer:
        words, keys = str(call.query.get("query", "")).lower(), call.query.get("keys")
        ids = {str(id) for id in call.query.get("id", ())}
        rows = [
            row
            for row in self.world.projects.values()
            if row.visible
            and self.may_browse(call)
            and (words in row.key.lower() or words in row.name.lower())
            and (not keys or row.key in keys)
            and (not ids or row.id in ids)
        ]
        rows.sort(key=lambda row: row.key)
        return self._beans(call, [self.rendering.project(row, self.api(call)) for row in rows])

    def get_project(self, call: Call) -> Answer:
        row, base = self.asked_project(call), self.api(call)
        types = [self.rendering.type(name, base) for name in project_types(row.key)]
        return json_answer(
            {
                **self.rendering.project(row, base),
                "description": "",
                "issueTypes": types,
                "lead": self.rendering.user("alice", base),
                "assigneeType": "UNASSIGNED",
                "style": "classic",
            }
        )

    def project_statuses(self, call: Call) -> Answer:
        row, base = self.asked_project(call), self.api(call)
        statuses = [self.rendering.status(status, base) for status in self.statuses]
        return json_answer(
            [
                {
                    "self": f"{base}/issuetype/{shown['id']}",
                    "id": shown["id"],
                    "name": name,
                    "subtask": shown["subtask"],
                    "statuses": statuses,
                }
                for name in project_types(row.key)
                for shown in [self.rendering.type(name, base)]
            ]
        )

    def status_list(self, call: Call) -> Answer:
        return json_answer([self.rendering.status(status, self.api(call)) for status in self.statuses])

    def status_categories(self, call: Call) -> Answer:
        return json_answer([self.rendering.category(name, self.api(call)) for name in CATEGORIES])

    def priorities(self, call: Call) -> Answer:
        wanted = str(call.query.get("priorityName", "")).lower()
        rows = [
            {
                **self.rendering.priority(name, self.api(call)),
                "isDefault": name == "Medium",  # type: ignore[dict-item]
                "statusColor": "#ffab00",
                "description": "",
            }
            for name in PRIORITIES
            if wanted in name.lower()
        ]
        return self._beans(call, rows)

    def project_types(self, call: Call) -> Answer:
        row = self.world.project(str(call.query["projectId"]))
        if row is None or not row.visible:
            raise self.refuse(404, "The project was not found.")
        return json_answer([self.rendering.type(name, self.api(call)) for name in project_types(row.key)])

    def assignable_users(self, call: Call) -> Answer:
        if not any(name in call.query for name in ("project", "issueKey", "issueId")):
            raise self.refuse(400, "Either the issueKey, issueId or project parameter must be provided.")
        words = str(call.query.get("query", "")).lower()
        rows = [row.login for row in self.world.users.values() if words in f"{row.name} {row.email}".lower()]
        page, _ = offset_page(rows, call.query.get("startAt", 0), min(call.query.get("maxResults", 50), 1000))
        return json_answer([self.rendering.user(login, self.api(call)) for login in page])

    def fields_known(self, call: Call) -> Answer:
        return json_answer(
            [
                {
                    "id": name,
                    "key": name,
                    "name": "Severity" if name == SEVERITY else name.capitalize(),
                    "custom": name == SEVERITY,
                    "orderable": True,
                    "navigable": True,
                    "searchable": True,
                    "clauseNames": [name],
                    "schema": {"type": kind},
                }
                for name, kind in _FIELDS.items()
            ]
        )

    def changelog(self, call: Call) -> Answer:
        issue = self.asked_issue(call)
        return self._beans(call, [self.rendering.history(row, self.api(call)) for row in issue.history], 100)

    def bulk_changelogs(self, call: Call) -> Answer:
        """Pages over all changes of all asked issues; only issues with a change on the page appear."""
        token = call.body.get("nextPageToken")
        state = read_cursor(token) if token else {"at": 0}
        if state is None or "at" not in state:
            raise self.refuse(400, "The nextPageToken is invalid.")
        found = [issue for wanted in call.body["issueIdsOrKeys"] if (issue := self.world.seen(wanted))]
        wanted = set(call.body.get("fieldIds") or ())
        rows = [
            (issue.id, shown)
            for issue in found
            if self.may_browse(call)
            for change in issue.history
            for shown in [self.rendering.history(change, self.api(call))]
            if not wanted or wanted & {item.get("fieldId") for item in shown["items"]}
        ]
        limit = call.body.get("maxResults", 1000)
        page = rows[state["at"] : state["at"] + limit]
        logs = [
            {"issueId": id, "changeHistories": [row for held, row in page if held == id]}
            for id in dict.fromkeys(id for id, _ in page)
        ]
        more = state["at"] + limit < len(rows)
        return json_answer(
            {
                "issueChangeLogs": logs,
                **({"nextPageToken": make_cursor(at=state["at"] + limit)} if more else {}),
            }
        )

    def link_issues(self, call: Call) -> Answer:
        """Only checks that both ends are seen: links between issues are no concern of the adapters."""
        for end in ("inwardIssue", "outwardIssue"):
            held = call.body[end]
            if self.world.seen(str(held.get("id") or held.get("key"))) is None:
                raise self.refuse(404, "Issue does not exist or you do not have permission to see it.")
        return empty_answer(201)
