# SPDX-License-Identifier: Apache-2.0
"""Linear's server: authentication, errors, limits and webhooks around the GraphQL endpoint."""

from __future__ import annotations

import re
import uuid
from typing import Any, Iterable

from ...answers import Answer, Refusal, json_answer
from ...budget import Budget
from ...call import Call
from ...consent import TABLE as CONSENT
from ...consent import consent
from ...contract import GraphQLContract, GraphQLOutcome
from ...credentials import Credential
from ...oauth import OAuthFault
from ...provider import Provider
from ...registry import register
from ...routing import Route
from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project, Status
from .complexity import QUERY_MAX, complexity
from .errors import error_answer, refusal
from .events import events
from .hooks import hook_resolvers, wants
from .mutations import mutation_resolvers
from .queries import SEARCHES_MAX, query_resolvers

# Its key is the last part of the base URL, as a workspace is in Linear's own addresses.
ORGANIZATION = {"id": "11111111-1111-4111-8111-111111111111", "name": "Acme", "urlKey": "linear"}
STATES = (
    Status("5a000000-0000-4000-8000-000000000001", "Todo", "todo", {"type": "unstarted"}),
    Status("5a000000-0000-4000-8000-000000000002", "Backlog", "todo", {"type": "backlog"}),
    Status("5a000000-0000-4000-8000-000000000003", "Triage", "todo", {"type": "triage"}),
    Status("5a000000-0000-4000-8000-000000000004", "In Progress", "in_progress", {"type": "started"}),
    Status("5a000000-0000-4000-8000-000000000005", "Done", "done", {"type": "completed"}),
    Status("5a000000-0000-4000-8000-000000000006", "Canceled", "canceled", {"type": "canceled"}),
    Status("5a000000-0000-4000-8000-000000000007", "Duplicate", "canceled", {"type": "duplicate"}),
)
SCOPES = frozenset({"read", "write", "issues:create", "comments:create", "timeSchedule:write", "admin"})
LABELS = {"bug": "7a000000-0000-4000-8000-000000000001", "ui": "7a000000-0000-4000-8000-000000000002"}
_KEY_SHAPE = re.compile(r"[A-Z0-9]{1,10}-[1-9][0-9]*$")
_DATE_SHAPE = re.compile(r"-?P.+|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$")


@register
class Linear(Provider):
    """A personal key comes raw in Authorization, an OAuth token behind Bearer. A key with Bearer is
    refused."""

    name = "linear"
    prefixes = ("/linear",)
    graphql = GraphQLContract("linear.reduced.graphql")
    statuses = STATES
    webhook_scheme = "linear"
    budget_limit, budget_seconds = 1500, 3600
    default_type = ""
    default_settings = {"purged": False}
    """purged: what is deleted is gone at once; otherwise it lies in the trash, where includeArchived finds
    it."""

    # -- World ---------------------------------------------------------------------------------------

    def seed(self) -> None:
        self.points = Budget(self.clock, 250_000, self.budget_seconds)
        self.searches = Budget(self.clock, SEARCHES_MAX, 60)
        world = self.world
        world.add_user("66666666-0000-4000-8000-000000000001", "alice", "Alice Example", "alice@example.net")
        world.add_user("66666666-0000-4000-8000-000000000002", "bob", "Bob Builder", "bob@example.net")
        world.add_project("88888888-0000-4000-8000-000000000001", "ENG", "Engineering")
        world.add_project("88888888-0000-4000-8000-000000000002", "OPS", "Operations")
        world.add_project("88888888-0000-4000-8000-000000000003", "HID", "Hidden").visible = False
        self.credentials.add_four_states("key", "linear", "alice", ("read", "write"), ())
        self.credentials.add(
            Credential("linear-oauth-good-token", "oauth", "alice", "good", frozenset({"read", "write"}))
        )
        self.tokens.lifetime = 24 * 3600
        self.tokens.allow_refresh("linear-refresh-good", "alice", frozenset({"read", "write"}))
        self.make_issue("ENG", "Checkout fails", assignees=["bob"], labels=["bug"])
        self.make_issue("ENG", "Search is slow", status="In Progress")
        self.make_issue("OPS", "Disk is full", status="Done")

    def new_issue_id(self, project: Project, number: int) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def issue_url(self, issue: Issue, origin: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-")[:40]
        return f"{origin}/linear/issue/{issue.key}/{slug}".rstrip("/")

    def state_named(self, id: str) -> Status | None:
        return next((row for row in STATES if row.id == id), None)

    # -- Endpoints -----------------------------------------------------------------------------------

    def routes(self) -> Iterable[Route]:
        yield self.route("POST", "/linear/graphql", self.answer)
        yield self.route("GET", "/linear/oauth/authorize", self.authorize, table=CONSENT, auth="none")
        yield self.route("POST", "/linear/oauth/token", self.token, auth="none", secret_body=True)

    def open(self, contracts: Any) -> None:
        super().open(contracts)
        for name in ("DateTime", "DateTimeOrDuration"):
            self.graphql.scalar(name, _checked_date)

    def answer(self, call: Call) -> Answer:
        """A query that is too large is refused whole; so is one that is over a limit, when limits are
        enforced."""
        cost = complexity(call.body)
        call.notes["complexity"] = cost
        if cost > QUERY_MAX:
            text = f"Query too complex: {cost} points, {QUERY_MAX} are allowed"
            raise Refusal(error_answer(400, text, "INPUT_ERROR"), text)
        self.points.enforced = self.searches.enforced = self.budget.enforced
        searching = "searchIssues" in str((call.body or {}).get("query"))
        if not self.points.spend(cost) or searching and not self.searches.spend():
            raise Refusal(self.rate_limited("rate_400_linear", {}))
        return self.graphql_answer(call)

    def shown(self, id: str) -> Issue | None:
        """Also from the trash, unless that was emptied."""
        found = self.world.find(id)
        return found if found is not None and self._is_shown(found) else None

    def all_shown(self, with_trash: bool) -> list[Issue]:
        rows = self.world.issues.values()
        return [row for row in rows if self._is_shown(row) and (with_trash or not row.deleted)]

    def _is_shown(self, issue: Issue) -> bool:
        team = self.world.projects.get(issue.project)
        return (
            issue.visible
            and (team is None or team.visible)
            and not (issue.deleted and self.settings["purged"])
        )

    def resolvers(self) -> dict[str, Any]:
        return query_resolvers(self) | mutation_resolvers(self) | hook_resolvers(self)

    def authorize(self, call: Call) -> Answer:
        """Scopes are separated by commas."""
        return consent(self, call, SCOPES, ",")

    def token(self, call: Call) -> Answer:
        if not call.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return json_answer({"error": "invalid_request", "error_description": "Use a form."}, 400)
        try:
            granted = self.tokens.grant(call.body, frozenset({"read", "write"}))
        except OAuthFault as fault:
            return json_answer({"error": fault.code, "error_description": fault.description}, 400)
        return json_answer(granted)

    # -- Around them ---------------------------------------------------------------------------------

    def authenticate(self, call: Call) -> None:
        text = call.headers.get("Authorization", "").strip()
        bearer = text.startswith("Bearer ")
        secret = text.removeprefix("Bearer ").strip()
        found = self.credentials.find(secret, "oauth" if bearer else "key")
        if not text:
            raise self.refuse(401, "Authentication required, not authenticated", code="AUTHENTICATION_ERROR")
        if bearer and self.credentials.find(secret, "key"):
            raise self.refuse(
                400,
                "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix "
                "from the Authorization header.",
                code="INVALID_INPUT",
            )
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self.refuse(401, "Authentication required, not authenticated", code="AUTHENTICATION_ERROR")
        if "read" not in found.scopes:
            raise self.refuse(403, "Invalid scope: `read` required", code="FORBIDDEN")
        call.credential = found

    def error(self, status: int, message: str, code: str = "INVALID_INPUT", **details: Any) -> Answer:
        return error_answer(status, message, code)

    def graphql_refusal(self, outcome: GraphQLOutcome) -> Answer:
        return refusal(outcome)

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        if dialect == "rate_503":
            return error_answer(503, "Service unavailable", "INTERNAL_SERVER_ERROR")
        return error_answer(
            400, "Rate limit exceeded. Only 1500 requests are allowed per 1 hour.", "RATELIMITED"
        )

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        reset = str(self.budget.reset_epoch * 1000)
        return {
            "X-RateLimit-Requests-Limit": str(self.budget.limit),
            "X-RateLimit-Requests-Remaining": str(self.budget.remaining),
            "X-RateLimit-Requests-Reset": reset,
            "X-Complexity": str(call.notes.get("complexity", 0)),
            "X-RateLimit-Complexity-Limit": str(self.points.limit),
            "X-RateLimit-Complexity-Remaining": str(self.points.remaining),
            "X-RateLimit-Complexity-Reset": reset,
        }

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return wants(self, row, issue, event)

    def is_key(self, text: str) -> bool:
        return bool(_KEY_SHAPE.match(text))


def _checked_date(value: Any) -> Any:
    if not isinstance(value, str) or not _DATE_SHAPE.match(value):
        raise ValueError(f"{value!r} is no ISO 8601 date or duration")
    return value
