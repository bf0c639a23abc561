# SPDX-License-Identifier: Apache-2.0
"""Jira Cloud: the routes of REST v3, on the site and below Atlassian's gateway."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Iterable

from ...answers import Answer
from ...call import Call
from ...contract import RestContract
from ...contract.tables import STRING, RequestTable
from ...registry import register
from ...routing import NONE, Route
from .cloud_auth import CloudAuth
from .cloud_hooks import DynamicWebhooks
from .cloud_search import CloudSearch
from .cloud_site import CloudSite
from .issues import IssueRequests
from .links import RemoteLinkRequests

MOUNTS = ("/jira", "/atlassian/ex/jira/{cloudId}")
V3 = "/rest/api/3"
_TOKEN_BODY = {
    "type": "object",
    "required": ["grant_type", "client_id"],
    "properties": {
        name: STRING
        for name in ("grant_type", "client_id", "client_secret", "code", "redirect_uri", "refresh_token")
    },
}
_ASKED = ("audience", "client_id", "scope", "redirect_uri", "state", "response_type")
_AUTHORIZE = {name: STRING for name in (*_ASKED, "prompt")}


@register
class JiraCloud(CloudAuth, CloudSearch, CloudSite, DynamicWebhooks, IssueRequests, RemoteLinkRequests):
    """Everything the contract's paths hold."""

    name = "jira"
    prefixes = ("/jira", "/atlassian")
    rest = RestContract("jira-cloud-v3.json", nulls_answered=True)
    webhook_scheme = "jira"
    budget_limit, budget_seconds = 350, 60
    default_settings = {
        "public": False,
        "bad_credentials_are_anonymous": False,
        "issue_linking": True,
        "link_permission": True,
        "remote_links_max": 2000,
        "search_lag_seconds": 0,
    }

    def seed(self) -> None:
        self.seed_world()
        self.seed_credentials()
        self.seed_hooks()

    def routes(self) -> Iterable[Route]:
        for method, path, handler in self._table():
            yield from self.mounted(MOUNTS, method, V3 + path, handler)
        yield self.route("GET", "/jira/_edge/tenant_info", self.tenant_info, auth=NONE)
        yield self.route(
            "GET", "/atlassian/oauth/token/accessible-resources", self.accessible_resources, auth=NONE
        )
        yield self.route(
            "GET",
            "/atlassian/authorize",
            self.authorize,
            auth=NONE,
            table=RequestTable(_AUTHORIZE, tuple(_ASKED)),
        )
        yield self.route(
            "POST",
            "/atlassian/oauth/token",
            self.token,
            auth=NONE,
            secret_body=True,
            table=RequestTable(body=_TOKEN_BODY),
        )

    def _table(self) -> list[tuple[str, str, Any]]:
        issue, link = "/issue/{issueIdOrKey}", "/issue/{issueIdOrKey}/remotelink"
        meta, project = "/issue/createmeta/{projectIdOrKey}/issuetypes", "/project/{projectIdOrKey}"
        return [
            ("GET", "/myself", self.myself),
            ("GET", "/serverInfo", self.server_info),
            ("GET", "/mypermissions", self.my_permissions),
            ("POST", "/issue", self.create_issue),
            ("GET", issue, self.get_issue),
            ("POST", "/issue/bulkfetch", self.bulk_fetch),
            ("GET", "/issue/picker", self.picker),
            ("GET", meta, self.create_types),
            ("GET", meta + "/{issueTypeId}", self.create_fields),
            ("GET", link, self.get_links),
            ("POST", link, self.put_link),
            ("DELETE", link, self.delete_links),
            ("GET", link + "/{linkId}", self.get_link),
            ("PUT", link + "/{linkId}", self.update_link),
            ("DELETE", link + "/{linkId}", self.delete_link),
            ("GET", issue + "/comment", self.get_comments),
            ("POST", issue + "/comment", self.add_comment),
            ("GET", issue + "/transitions", self.get_transitions),
            ("POST", issue + "/transitions", self.do_transition),
            ("GET", issue + "/changelog", self.changelog),
            ("POST", "/changelog/bulkfetch", self.bulk_changelogs),
            ("GET", "/search/jql", self.search_get),
            ("POST", "/search/jql", self.search_post),
            ("GET", "/search", self.search_gone),
            ("POST", "/search", self.search_gone),
            ("POST", "/search/approximate-count", self.count),
            ("GET", "/project/search", self.search_projects),
            ("GET", project, self.get_project),
            ("GET", project + "/statuses", self.project_statuses),
            ("GET", "/statuscategory", self.status_categories),
            ("GET", "/status", self.status_list),
            ("GET", "/priority/search", self.priorities),
            ("GET", "/issuetype/project", self.project_types),
            ("GET", "/user/assignable/search", self.assignable_users),
            ("GET", "/field", self.fields_known),
            ("POST", "/webhook", self.register_webhooks),
            ("GET", "/webhook", self.list_webhooks),
            ("DELETE", "/webhook", self.delete_webhooks),
            ("PUT", "/webhook/refresh", self.refresh_webhooks),
            ("GET", "/webhook/failed", self.failed_webhooks),
            ("POST", "/issueLink", self.link_issues),
        ]

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        """Burst numbers with an ISO 8601 reset, and whom Jira took the asker for."""
        reset = datetime.fromtimestamp(self.budget.reset_epoch, timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
        near = self.budget.remaining < self.budget.limit * 0.2
        headers = {
            "X-RateLimit-Limit": str(self.budget.limit),
            "X-RateLimit-Remaining": str(self.budget.remaining),
            "X-RateLimit-Reset": reset,
            "X-AREQUESTID": f"sim-{self.sim.journal.seq + 1}",
        }
        if near:
            headers["X-RateLimit-NearLimit"] = "true"
        if call.credential is not None:
            headers["X-AACCOUNTID"] = self.world.users[call.credential.user].id
        if "seraph" in call.notes:
            headers["X-Seraph-LoginReason"] = call.notes["seraph"]
        return headers

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        if dialect == "rate_503":
            return self.error(503, "The service is temporarily unavailable.")
        answer = self.error(429, "Rate limit exceeded.")
        answer.headers |= {
            "RateLimit-Reason": str(details.get("reason", "jira-burst-based")),
            "X-RateLimit-Remaining": "0",
        }
        return answer
