# SPDX-License-Identifier: Apache-2.0
"""Jira Data Center: REST v2, users by name, plain texts, a search with offsets. No contract of it is at hand,
so its requests are judged by our own tables."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, json_answer
from ...call import Call
from ...contract.tables import BOOLEAN, INTEGER, STRING, STRINGS, RequestTable
from ...registry import register
from ...routing import OPTIONAL, Route
from .catalogue import PRIORITIES
from .datacenter_auth import DataCenterAuth
from .issues import IssueRequests
from .jql import parse
from .jql_search import JqlSearch
from .jql_tokens import JqlError
from .links import RemoteLinkRequests
from .metadata import MetadataRequests

V2 = "/jiradc/rest/api/2"
SEARCH_MAX = 1000
_PAGE = {"startAt": INTEGER, "maxResults": INTEGER}
_OBJECT = {"type": "object"}
_LINK = {
    "type": "object",
    "required": ["object"],
    "additionalProperties": False,
    "properties": {
        "globalId": STRING,
        "application": _OBJECT,
        "relationship": STRING,
        "object": {
            "type": "object",
            "required": ["url", "title"],
            "additionalProperties": False,
            "properties": {
                "url": STRING,
                "title": STRING,
                "summary": STRING,
                "icon": _OBJECT,
                "status": _OBJECT,
            },
        },
    },
}
_SEARCH = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"jql": STRING, "fields": STRINGS, "expand": STRINGS, "validateQuery": BOOLEAN, **_PAGE},
}
_CREATE = {
    "type": "object",
    "required": ["fields"],
    "additionalProperties": False,
    "properties": {"fields": _OBJECT, "update": _OBJECT, "properties": {"type": "array"}},
}
_COMMENT = {
    "type": "object",
    "required": ["body"],
    "additionalProperties": False,
    "properties": {"body": STRING, "visibility": _OBJECT},
}


@register
class JiraDataCenter(DataCenterAuth, IssueRequests, MetadataRequests, RemoteLinkRequests):
    """Settings: basic_auth (off by default since 11.0), public (anonymous sees issues), version."""

    name = "jiradc"
    prefixes = ("/jiradc",)
    cloud = False
    webhook_scheme = "none"
    default_settings = {
        "basic_auth": True,
        "public": False,
        "issue_linking": True,
        "link_permission": True,
        "remote_links_max": 2000,
        "deployment_type": "DataCenter",
        "version": "10.3.4",
    }

    def seed(self) -> None:
        self.seed_world()
        self.seed_credentials()

    def routes(self) -> Iterable[Route]:
        for method, path, handler, table in self._table():
            yield self.route(method, V2 + path, handler, auth=OPTIONAL, table=table)

    def _table(self) -> list[tuple[str, str, Any, RequestTable]]:
        issue, link = "/issue/{issueIdOrKey}", "/issue/{issueIdOrKey}/remotelink"
        meta = "/issue/createmeta/{projectIdOrKey}/issuetypes"
        place = {name: STRING for name in ("projectKey", "projectId", "issueKey", "issueId")}
        shown = {"fields": STRINGS, "expand": STRING, "properties": STRINGS, "updateHistory": BOOLEAN}
        found = {"jql": STRING, "fields": STRINGS, "expand": STRING, "validateQuery": BOOLEAN, **_PAGE}
        named = RequestTable({"globalId": STRING})
        return [
            ("GET", "/myself", self.myself, RequestTable({"expand": STRING})),
            ("GET", "/serverInfo", self.server_info, RequestTable({"doHealthCheck": BOOLEAN})),
            ("GET", "/mypermissions", self.my_permissions, RequestTable({**place, "permissions": STRING})),
            ("GET", issue, self.get_issue, RequestTable(shown)),
            ("POST", "/issue", self.create_issue, RequestTable({"updateHistory": BOOLEAN}, body=_CREATE)),
            ("GET", "/search", self.search_get, RequestTable(found)),
            ("POST", "/search", self.search_post, RequestTable(body=_SEARCH)),
            ("GET", meta, self.create_types, RequestTable(_PAGE)),
            ("GET", meta + "/{issueTypeId}", self.create_fields, RequestTable(_PAGE)),
            ("GET", link, self.get_links, named),
            ("POST", link, self.put_link, RequestTable(body=_LINK)),
            ("DELETE", link, self.delete_links, RequestTable({"globalId": STRING}, ("globalId",))),
            ("GET", link + "/{linkId}", self.get_link, RequestTable()),
            ("PUT", link + "/{linkId}", self.update_link, RequestTable(body=_LINK)),
            ("DELETE", link + "/{linkId}", self.delete_link, RequestTable()),
            (
                "GET",
                issue + "/comment",
                self.get_comments,
                RequestTable({**_PAGE, "orderBy": STRING, "expand": STRING}),
            ),
            ("POST", issue + "/comment", self.add_comment, RequestTable({"expand": STRING}, body=_COMMENT)),
            (
                "GET",
                issue + "/transitions",
                self.get_transitions,
                RequestTable({"expand": STRING, "transitionId": STRING}),
            ),
            ("POST", issue + "/transitions", self.do_transition, RequestTable(body=_OBJECT)),
            (
                "GET",
                "/project",
                self.projects,
                RequestTable({"expand": STRING, "recent": INTEGER, "includeArchived": BOOLEAN}),
            ),
            ("GET", "/project/{projectIdOrKey}", self.project, RequestTable({"expand": STRING})),
            ("GET", "/status", self.status_list, RequestTable()),
            ("GET", "/priority", self.priority_list, RequestTable()),
        ]

    # -- What only this kind has ---------------------------------------------------------------------

    def myself(self, call: Call) -> Answer:
        if call.credential is None:
            raise self.refuse(
                401, "You are not authenticated. Authentication required to perform this operation."
            )
        return json_answer(self.rendering.user(call.credential.user, self.api(call), full=True))

    def server_info(self, call: Call) -> Answer:
        version = self.settings["version"]
        return json_answer(
            {
                "baseUrl": f"{call.origin}/jiradc",
                "version": version,
                "versionNumbers": [int(part) for part in version.split(".")],
                "buildNumber": 10030004,
                "deploymentType": self.settings["deployment_type"],
                "scmInfo": "sim",
                "buildDate": "2026-09-01T00:00:00.000+0000",
                "serverTitle": "Jira",
            }
        )

    def search_get(self, call: Call) -> Answer:
        return self._searched(call, call.query)

    def search_post(self, call: Call) -> Answer:
        return self._searched(call, call.body)

    def _searched(self, call: Call, ask: dict[str, Any]) -> Answer:
        """validateQuery, by default true: one unknown key fails the whole call; false makes it a warning."""
        start, limit = ask.get("startAt", 0), min(ask.get("maxResults", 50), SEARCH_MAX)
        search = JqlSearch(self.world, self.user_of(call), lenient=ask.get("validateQuery") is False)
        try:
            rows = search.run(parse(ask.get("jql", "")), self.seen_by(call))
        except JqlError as fault:
            raise self.refuse(400, str(fault)) from fault
        expand = ask.get("expand") or ""
        expand = expand if isinstance(expand, str) else ",".join(expand)
        fields = ask.get("fields") or ["*navigable"]
        issues = [
            self.rendering.issue(row, self.api(call), fields, expand) for row in rows[start : start + limit]
        ]
        shown = {
            "expand": "schema,names",
            "startAt": start,
            "maxResults": limit,
            "total": len(rows),
            "issues": issues,
        }
        return json_answer(shown | ({"warningMessages": search.warnings} if search.warnings else {}))

    def projects(self, call: Call) -> Answer:
        rows = [row for row in self.world.projects.values() if row.visible and self.may_browse(call)]
        return json_answer([self.rendering.project(row, self.api(call)) for row in rows])

    def project(self, call: Call) -> Answer:
        return json_answer(self.rendering.project(self.asked_project(call), self.api(call)))

    def status_list(self, call: Call) -> Answer:
        return json_answer([self.rendering.status(status, self.api(call)) for status in self.statuses])

    def priority_list(self, call: Call) -> Answer:
        return json_answer([self.rendering.priority(name, self.api(call)) for name in PRIORITIES])
