# SPDX-License-Identifier: Apache-2.0
"""The GitLab module: addresses, headers, limits. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, text_answer
from ...budget import Budget
from ...call import Call
from ...contract import GraphQLContract, GraphQLOutcome, Problem, RestContract
from ...etags import tagged
from ...provider import Provider
from ...registry import register
from ...routing import Route
from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project, User
from . import auth, events, graph, graph_errors, seed
from .errors import contract_answer, message_answer, throttled_answer
from .graph_sdl import SDL
from .routes import routes

_BEYOND_THE_CONTRACT = (
    "public_email",
    "locked",
    "created_at",
    "email",
    "bot",
    "merge_requests_count",
    "upvotes",
    "downvotes",
    "discussion_locked",
    "blocking_issues_count",
    "has_tasks",
    "imported",
    "imported_from",
    "service_desk_reply_to",
    "description",
    "subscribed",
)
"""The contract is reduced by hand; real answers (samples) have these too."""


@register
class GitLab(Provider):
    name = "gitlab"
    prefixes = ("/gitlab",)
    rest = RestContract("gitlab-v4.reduced.json", closed_answers=_BEYOND_THE_CONTRACT)
    graphql = GraphQLContract("", SDL)
    statuses = seed.STATUSES
    comma_arrays = True
    bracket_arrays = True
    extra_query = {"/projects/{id}/issues": {"pagination": {"type": "string", "enum": ["keyset", "legacy"]}}}
    default_type = "issue"
    webhook_scheme = "gitlab_token"
    budget_limit, budget_seconds = 2000, 60
    default_settings = {
        "premium": True,
        "limit_headers": False,
        "limit_style": "plain",
        "status_category_case": "upper",
        "signing_tokens": True,
        "version": "18.6.1-ee",
    }

    def seed(self) -> None:
        seed.seed(self)

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        auth.authenticate(self, call)

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return message_answer(status, message)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        return contract_answer(call, problems)

    def resolvers(self) -> dict[str, Any]:
        return graph.resolvers(self)

    def graphql_answer(self, call: Call) -> Answer:
        graph_errors.check_complexity(call)
        return super().graphql_answer(call)

    def graphql_refusal(self, outcome: GraphQLOutcome) -> Answer:
        return graph_errors.refusal(outcome)

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events.events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return events.wants(self, row, issue, event)

    # -- Requests and answers ------------------------------------------------------------------------

    def finished(self, call: Call, answer: Answer) -> Answer:
        """ETags save bytes; a 304 counts like any request."""
        return tagged(call, answer)

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        """Rate-limit numbers come on normal answers only when an administrator chose so."""
        made = {"X-Request-Id": f"{self.random.getrandbits(104):026X}", "X-Runtime": "0.05"}
        if call.raw_path.startswith("/gitlab/api/v4"):
            made |= {"X-Gitlab-Meta": '{"correlation_id":"sim","version":"1"}', "Vary": "Origin"}
        return made | (self._limit_headers(self.budget) if self.settings["limit_headers"] else {})

    def over_budget(self, call: Call, budget: Budget) -> Answer:
        """GraphQL gets no headers at all, the application's own limits no Retry-After and a wrong reset."""
        graph_ = call.raw_path.endswith("/graphql")
        answer = throttled_answer(graph_, self.settings["limit_style"])
        if not graph_ and self.settings["limit_style"] == "plain":
            answer.headers |= {**self._limit_headers(budget), "Retry-After": str(budget.reset_seconds)}
        return answer

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        answer = throttled_answer(bool(details.get("graphql")), details.get("style", "plain"))
        return Answer(503, answer.body, answer.headers) if dialect == "rate_503" else answer

    def _limit_headers(self, budget: Budget) -> dict[str, str]:
        reset = self.clock.now().fromtimestamp(budget.reset_epoch, self.clock.now().tzinfo)
        return {
            "RateLimit-Limit": str(budget.limit),
            "RateLimit-Observed": str(budget.used),
            "RateLimit-Remaining": str(budget.remaining),
            "RateLimit-Reset": str(budget.reset_epoch),
            "RateLimit-ResetTime": f"{reset:%a, %d %b %Y %H:%M:%S GMT}",
            "RateLimit-Name": "throttle_authenticated_api",
        }

    def web(self, call: Call) -> str:
        """The instance's root; a relative URL root, as a self-managed one may have."""
        return f"{call.origin}/gitlab"

    @property
    def hook_web(self) -> str:
        return f"{self.sim.origin}/gitlab"

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("99", login, login, f"{login}@example.net")

    def by_id(self, id: str) -> Project | None:
        return next((row for row in self.world.projects.values() if row.id == id), None)

    def by_path(self, path: str) -> Project | None:
        return next((row for row in self.world.projects.values() if row.key.lower() == path.lower()), None)

    @staticmethod
    def was_called(project: Project, path: str) -> bool:
        return path.lower() in [name.lower() for name in project.extra.get("previous_keys", ())]

    def moved_answer(self, call: Call, project: Project) -> Answer:
        """302 from an old path to the same thing by id; the body is no JSON."""
        encoded = call.raw_path.removeprefix("/gitlab/api/v4/projects/").split("/", 1)
        rest = f"/{encoded[1]}" if len(encoded) > 1 else ""
        query = f"?{call.raw_query}" if call.raw_query else ""
        url = f"{self.web(call)}/api/v4/projects/{project.id}{rest}{query}"
        text = f"This resource has been moved temporarily to {url}."
        return text_answer(text, 302, headers={"Location": url})

    def new_issue_id(self, project: Project, number: int) -> str:
        return str(self.world.next_number("issue", 84_001))

    def issue_key(self, project: Project, number: int) -> str:
        return f"{project.key}#{number}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/gitlab/{issue.project}/-/issues/{issue.number}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """A new issue with a new global id; the old one is closed and points to it."""
        before = issue.status
        made = self.move_as_new(issue, to)
        issue.status = "closed"
        self.world.touch(issue, "moved", [("status", before, "closed"), ("moved_to", None, made.id)])
        return made
