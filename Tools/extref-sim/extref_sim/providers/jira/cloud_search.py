# SPDX-License-Identifier: Apache-2.0
"""Many issues at once on Jira Cloud: bulkfetch, JQL pages, counts, the picker."""

from __future__ import annotations

import hashlib
import html
from datetime import timedelta
from typing import Any

from ...answers import Answer, json_answer
from ...call import Call
from ...paging import make_cursor, read_cursor
from ...world import Issue
from .base import JiraBase
from .jql import Query, parse
from .jql_search import JqlSearch
from .jql_tokens import JqlError

BULK_MAX, PAGE_DEFAULT, PAGE_MAX, PAGE_OF_IDS_MAX, RECONCILE_MAX = 100, 50, 100, 5000, 50
TOKEN_SECONDS = 7 * 24 * 3600
GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available in the developer changelog."
)
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


class CloudSearch(JiraBase):
    """Mixed into Jira Cloud. Setting search_lag_seconds: so long new issues are missing unless reconciled."""

    def bulk_fetch(self, call: Call) -> Answer:
        """Ascending by id, unknown and unseen ones silently absent, asked keys not echoed."""
        asked = call.body["issueIdsOrKeys"]
        if not 0 < len(asked) <= BULK_MAX:
            raise self.refuse(
                400, f"issueIdsOrKeys must hold 1 to {BULK_MAX} issues, but holds {len(asked)}."
            )
        may = self.may_browse(call)
        found = {issue.id: issue for wanted in asked if (issue := self.world.seen(wanted)) and may}
        expand = ",".join(call.body.get("expand", ()))
        rows = [
            self.rendering.issue(found[id], self.api(call), call.body.get("fields"), expand)
            for id in sorted(found, key=int)
        ]
        return json_answer({"issues": rows, "issueErrors": []})

    def search_get(self, call: Call) -> Answer:
        return self._searched(call, call.query)

    def search_post(self, call: Call) -> Answer:
        return self._searched(call, call.body)

    def search_gone(self, call: Call) -> Answer:
        call.violations.append("the old search endpoint is gone")
        return self.error(410, GONE)

    def _searched(self, call: Call, ask: dict[str, Any]) -> Answer:
        text, fields = ask.get("jql", ""), ask.get("fields") or ["id"]
        only_ids = set(fields) <= {"id", "key"}
        limit = ask.get("maxResults", PAGE_DEFAULT)
        if limit < 0 or len(ask.get("reconcileIssues") or ()) > RECONCILE_MAX:
            raise self.refuse(
                400, f"maxResults must not be negative and reconcileIssues hold {RECONCILE_MAX} at most."
            )
        limit = min(limit or PAGE_DEFAULT, PAGE_OF_IDS_MAX if only_ids else PAGE_MAX)
        start = self._start(ask.get("nextPageToken"), text)
        rows = self._matching(call, text, frozenset(str(id) for id in ask.get("reconcileIssues") or ()))
        page = rows[start : start + limit]
        shown: dict[str, Any] = {"issues": [self._issue_shown(call, issue, fields, ask) for issue in page]}
        shown["isLast"] = start + limit >= len(rows)
        if not shown["isLast"]:
            shown["nextPageToken"] = make_cursor(at=start + limit, jql=_digest(text), born=self.clock.epoch())
        return json_answer(shown)

    def _issue_shown(
        self, call: Call, issue: Issue, fields: list[str], ask: dict[str, Any]
    ) -> dict[str, Any]:
        if fields == ["id"]:
            return {"id": issue.id}
        return self.rendering.issue(issue, self.api(call), fields, ask.get("expand") or "")

    def _start(self, token: str | None, text: str) -> int:
        if token is None:
            return 0
        state = read_cursor(token)
        if state is None or state.get("jql") != _digest(text):
            raise self.refuse(400, "The provided next page token is invalid or belongs to another query.")
        if self.clock.epoch() - state["born"] > TOKEN_SECONDS:
            raise self.refuse(400, "The provided next page token has expired.")
        return int(state["at"])

    def _matching(self, call: Call, text: str, reconciled: frozenset[str] = frozenset()) -> list[Issue]:
        query = self._query(text)
        if query.where is None:
            raise self.refuse(400, UNBOUNDED)
        indexed = self.clock.now() - timedelta(seconds=self.settings["search_lag_seconds"])
        rows = [issue for issue in self.seen_by(call) if issue.created <= indexed or issue.id in reconciled]
        try:
            return JqlSearch(self.world, self.user_of(call)).run(query, rows)
        except JqlError as fault:
            raise self.refuse(400, str(fault)) from fault

    def _query(self, text: str) -> Query:
        try:
            return parse(text)
        except JqlError as fault:
            raise self.refuse(400, str(fault)) from fault

    def count(self, call: Call) -> Answer:
        return json_answer({"count": len(self._matching(call, call.body.get("jql", "")))})

    def picker(self, call: Call) -> Answer:
        """Two lists, as in the search box: what one looked at, and what currentJQL finds."""
        words = str(call.query.get("query", "")).lower()
        rows = [
            issue
            for issue in self.seen_by(call)
            if words and (words in issue.title.lower() or issue.key.lower().startswith(words))
        ]
        sections = [self._section("hs", "History Search", rows[:20], call)]
        if call.query.get("currentJQL") is not None:
            allowed = {
                issue.id for issue in self._matching(call, call.query["currentJQL"] or "project is not EMPTY")
            }
            found = [issue for issue in rows if issue.id in allowed]
            sections.append(self._section("cs", "Current Search", found[:20], call))
        return json_answer({"sections": sections})

    @staticmethod
    def _section(id: str, label: str, rows: list[Issue], call: Call) -> dict[str, Any]:
        issues = [
            {
                "id": int(issue.id),
                "key": issue.key,
                "keyHtml": issue.key,
                "img": "/images/icons/bug.gif",
                "summary": html.escape(issue.title),
                "summaryText": issue.title,
            }
            for issue in rows
        ]
        shown: dict[str, Any] = {"label": label, "id": id, "issues": issues}
        return shown | (
            {"sub": f"Showing {len(rows)} of {len(rows)} matching issues"}
            if rows
            else {"msg": "No matching issues"}
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
