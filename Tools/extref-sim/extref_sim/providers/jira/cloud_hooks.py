# SPDX-License-Identifier: Apache-2.0
"""Dynamic webhooks of OAuth apps: unsigned, JQL-filtered by a subset, dead after 30 days."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from ...answers import Answer, json_answer
from ...call import Call
from ...paging import offset_page
from ...webhooks import Event, Subscription
from ...world import Issue
from .base import JiraBase
from .jql import Clause, Group, Query, parse
from .jql_search import JqlSearch
from .jql_tokens import JqlError
from .rendering import jira_date

EVENTS = {
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
    "issue_property_set",
    "issue_property_deleted",
}
_FIELDS = ("key", "project", "issuetype", "status", "assignee", "reporter")
LIFE_DAYS = 30


class DynamicWebhooks(JiraBase):
    """Mixed into Jira Cloud. Deliveries carry no signature."""

    def seed_hooks(self) -> None:
        self.dynamic: dict[int, dict[str, Any]] = {}

    def _app_only(self, call: Call) -> None:
        if call.credential is None or call.credential.kind != "oauth":
            raise self.refuse(403, "Only Connect and OAuth 2.0 apps can use this operation.")

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        """Dynamic ones get the events they named, for issues their filter matches, until they die."""
        order = self.dynamic.get(row.id)
        if order is None:
            return True
        if event.name not in order["events"] or self.clock.now() >= order["dies"]:
            return False
        where = parse(re.sub(r"cf\[\d+\]", "summary", order["jqlFilter"])).where
        search = JqlSearch(self.world, None, lenient=True)
        return bool(search.run(Query(where), [issue]))

    def register_webhooks(self, call: Call) -> Answer:
        self._app_only(call)
        results = []
        for order in call.body["webhooks"]:
            wrong = self._wrong(order)
            if wrong:
                results.append({"errors": [wrong]})
                continue
            row = self.sim.hooks.add(self.name, call.body["url"], "", "none")
            self.dynamic[row.id] = {
                **order,
                "url": call.body["url"],
                "dies": self.clock.now() + timedelta(days=LIFE_DAYS),
            }
            results.append({"createdWebhookId": row.id})
        return json_answer({"webhookRegistrationResult": results})

    def _wrong(self, order: dict[str, Any]) -> str | None:
        unknown = set(order.get("events", ())) - EVENTS
        if unknown:
            return f"Unknown events: {', '.join(sorted(unknown))}"
        try:
            where = parse(re.sub(r"cf\[\d+\]", "summary", order["jqlFilter"])).where
        except JqlError as fault:
            return f"The clause {order['jqlFilter']!r} is invalid: {fault}"
        return (
            None if _simple(where) else "The JQL filter uses fields or operators that webhooks do not support"
        )

    def list_webhooks(self, call: Call) -> Answer:
        self._app_only(call)
        rows = [
            {
                "id": id,
                "jqlFilter": row["jqlFilter"],
                "events": list(row["events"]),
                "url": row["url"],
                "expirationDate": jira_date(row["dies"]),
            }
            for id, row in self.dynamic.items()
        ]
        start, limit = call.query.get("startAt", 0), min(call.query.get("maxResults", 100), 100)
        page, last = offset_page(rows, start, limit)
        return json_answer(
            {"startAt": start, "maxResults": limit, "total": len(rows), "isLast": last, "values": page}
        )

    def delete_webhooks(self, call: Call) -> Answer:
        self._app_only(call)
        for id in call.body["webhookIds"]:
            if self.dynamic.pop(id, None) is not None:
                self.sim.hooks.remove(id)
        return Answer(202)

    def refresh_webhooks(self, call: Call) -> Answer:
        self._app_only(call)
        dies = self.clock.now() + timedelta(days=LIFE_DAYS)
        for id in call.body["webhookIds"]:
            if id not in self.dynamic:
                raise self.refuse(400, f"Webhook {id} does not exist.")
            self.dynamic[id]["dies"] = dies
        return json_answer({"expirationDate": jira_date(dies)})

    def failed_webhooks(self, call: Call) -> Answer:
        self._app_only(call)
        return json_answer({"values": [], "maxResults": call.query.get("maxResults", 100)})


def _simple(node: Any) -> bool:
    if node is None:
        return True
    if isinstance(node, Group):
        return node.word != "not" and all(map(_simple, node.parts))
    return (
        isinstance(node, Clause)
        and node.field in (*_FIELDS, "summary")
        and node.operator in ("=", "!=", "in", "not in", "~")
    )
