# SPDX-License-Identifier: Apache-2.0
"""What Jira Cloud and Jira Data Center share: the world, the error shape, webhooks, control requests."""

from __future__ import annotations

import re
from typing import Any, Iterable

from ...answers import Answer, json_answer
from ...call import Call
from ...contract import Problem
from ...provider import Provider
from ...webhooks import Event
from ...world import Change, Issue
from .catalogue import ACCOUNTS, NOT_SEEN, SEVERITY, STATUSES, TIME_ZONE
from .rendering import Rendering


class JiraBase(Provider):
    """The common half. `cloud` says which kind it is."""

    cloud = True
    statuses = STATUSES
    comma_arrays = True
    default_priority = "Medium"

    @property
    def rendering(self) -> Rendering:
        return Rendering(self.world, self.cloud)

    def seed_world(self) -> None:
        """Users alice, bob, carol (hides her address); projects TES, OPS and the unseen HID; six issues."""
        ids = ACCOUNTS if self.cloud else {name: f"JIRAUSER1010{n}" for n, name in enumerate(ACCOUNTS)}
        for name in ACCOUNTS:
            self.world.add_user(
                ids[name],
                name,
                f"{name.capitalize()} Example",
                f"{name}@example.net",
                timeZone=TIME_ZONE,
                private=name == "carol",
            )
        self.world.add_project("10000", "TES", "Testing")
        self.world.add_project("10001", "OPS", "Operations")
        self.world.add_project("10002", "HID", "Hidden").visible = False
        self.make_issue(
            "TES",
            "Checkout fails with two coupons",
            type="Bug",
            assignees=["bob"],
            labels=["checkout"],
            priority="High",
            description="Steps to follow.",
        )
        self.make_issue("TES", "Login page is slow", status="In Progress", assignees=["alice"])
        self.make_issue(
            "TES", "Typo on the start page", status="Done", resolution="Done", assignees=["carol"]
        )
        self.make_issue(
            "TES", "Support Internet Explorer", status="Won't Do", resolution="Won't Do", type="Story"
        )
        self.make_issue("OPS", "Renew certificates", status="In Review", labels=["ops", "quarterly"])
        self.make_issue("HID", "Nobody may see this")

    def api(self, call: Call) -> str:
        """`http://host/…/rest/api/N` of this request: links in the answer stay below the address asked."""
        found = re.match(r".*?/rest/api/[^/]+", call.raw_path)
        return call.origin + (found.group(0) if found else self.prefixes[0] + "/rest/api/2")

    def error(
        self, status: int, message: str, errors: dict[str, str] | None = None, **details: Any
    ) -> Answer:
        messages = [message] if message else []
        return json_answer({"errorMessages": messages, "errors": errors or {}, **details}, status)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        """One bad value names itself in `errors`; a bad body is Jira's one sentence."""
        statuses = {"unknown_path": 404, "method": 405, "content_type": 415}
        status = min(statuses.get(problem.kind, 400) for problem in problems)
        errors = {problem.name or problem.kind: f"{problem.kind}: {problem.message}" for problem in problems}
        text = "Invalid request payload. Refer to the REST API documentation and try again."
        return self.error(status, text if status == 400 else "; ".join(map(str, problems)), errors)

    def asked_issue(self, call: Call, name: str = "issueIdOrKey") -> Issue:
        """The issue of the path: any case, any old key; 404 hides what one may not see."""
        issue = self.world.seen(call.params[name])
        if issue is None or not self.may_browse(call):
            raise self.refuse(404, NOT_SEEN)
        return issue

    def may_browse(self, call: Call) -> bool:
        """Whether the asker sees issues at all."""
        return call.credential is not None and call.credential.state != "wrong_scope"

    def user_of(self, call: Call) -> str | None:
        return call.credential.user if call.credential else None

    def seen_by(self, call: Call) -> list[Issue]:
        return self.world.all_seen() if self.may_browse(call) else []

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}{self.prefixes[0]}/browse/{issue.key}"

    def control_edit(self, issue: Issue, values: dict[str, Any]) -> None:
        """A workflow sets and clears the resolution, so the control request does."""
        status = self.world.statuses.get(values.get("status", ""))
        if status is not None and "resolution" not in values:
            done = status.category == "done"
            values = {**values, "resolution": status.extra.get("resolution", "Done") if done else None}
        if SEVERITY in values:
            issue.extra[SEVERITY] = values.pop(SEVERITY)
        super().control_edit(issue, values)

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        """As recorded: deleted ones have no changelog, comments carry a part of the fields, self is of v2."""
        base = f"{self.sim.origin}{self.prefixes[0]}/rest/api/2"
        headers = {
            "X-Atlassian-Webhook-Identifier": "{delivery}",
            "X-Atlassian-Webhook-Flow": "Primary",
            "X-Atlassian-Webhook-Retry": "{attempt}",
        }
        body: dict[str, Any] = {"timestamp": int(change.at.timestamp() * 1000)}
        shown = self.rendering.issue(issue, base, None)
        shown.pop("expand")
        name = {"created": "jira:issue_created", "deleted": "jira:issue_deleted"}.get(
            kind, "jira:issue_updated"
        )
        if kind == "commented" and issue.comments:
            name = "comment_created"
            part = ("summary", "issuetype", "project", "assignee", "priority", "status")
            shown["fields"] = {field: shown["fields"][field] for field in part}
            body |= {"comment": self.rendering.comment(issue, issue.comments[-1], base)}
        else:
            body |= {
                "issue_event_type_name": _event_type(kind, change),
                "user": self.rendering.user(change.author, base),
            }
        body |= {"webhookEvent": name, "issue": shown}
        if name == "jira:issue_updated":
            body["changelog"] = {"id": change.id, "items": self.rendering.items(change)}
        yield Event(name, body, headers)


def _event_type(kind: str, change: Change) -> str:
    if kind in ("created", "deleted", "moved"):
        return f"issue_{kind}"
    fields = {name for name, _, _ in change.items}
    if "assignees" in fields:
        return "issue_assigned"
    return "issue_generic" if "status" in fields else "issue_updated"
