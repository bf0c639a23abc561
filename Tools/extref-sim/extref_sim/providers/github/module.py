# SPDX-License-Identifier: Apache-2.0
"""The GitHub module: addresses, headers, limits, conditional requests. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, Refusal
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
from .errors import contract_answer, error_answer, throttled_answer
from .people import Roots, node_id, stamp
from .routes import routes

ENTERPRISE, CLOUD = "/github/api/v3", "/github-cloud"
VERSIONS = ("2022-11-28", "2026-03-10")
BEYOND_THE_CONTRACT = (
    "assignee",
    "merge_commit_sha",
    "rate",  # until 2026-03-10
    "status",  # of errors; the contract's 422 leaves it out
    "installed_version",
    "topic_search_url",
    "hub_url",
    "label_search_url",
)


@register
class GitHub(Provider):
    name = "github"
    prefixes = ("/github", CLOUD)
    rest = RestContract("github-rest-2026-03-10.json", closed_answers=BEYOND_THE_CONTRACT)
    graphql = GraphQLContract("github-graphql.reduced.graphql")
    statuses = seed.STATUSES
    default_type = ""
    webhook_scheme = "github"
    budget_limit = 5000
    default_settings = {
        "sso_required": False,
        "app_public_key": None,
        "enterprise_limits": False,
        "enterprise_versions": ["2022-11-28"],
        "server_version": "3.17.4",
        "issue_types": True,
        "search_incomplete": False,
    }
    types = seed.TYPES

    def seed(self) -> None:
        self.budgets = {
            "core": self.budget,
            "search": Budget(self.clock, 30, 60),
            "graphql": Budget(self.clock, 5000, 3600),
        }
        seed.seed(self)

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        auth.authenticate(self, call)

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return error_answer(status, message, **details)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        return contract_answer(call, problems)

    def resolvers(self) -> dict[str, Any]:
        return graph.resolvers(self)

    def graphql_answer(self, call: Call) -> Answer:
        if "json_error" in call.notes:
            raise Refusal(error_answer(400, "Problems parsing JSON"), f"graphql: {call.notes['json_error']}")
        return super().graphql_answer(call)

    def graphql_refusal(self, outcome: GraphQLOutcome) -> Answer:
        return graph_errors.refusal(outcome)

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events.events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return events.wants(row, issue, event)

    # -- Requests and answers ------------------------------------------------------------------------

    def prechecked(self, call: Call) -> None:
        """User-Agent is a must; Accept must allow JSON; the version must be one this server knows."""
        if not call.headers.get("User-Agent"):
            raise Refusal(
                error_answer(
                    403,
                    "Request forbidden by administrative rules. Please make sure your request "
                    "has a User-Agent header",
                ),
                "no User-Agent",
            )
        accept = call.headers.get("Accept", "*/*").lower()
        if "json" not in accept and "*/*" not in accept:
            raise Refusal(
                error_answer(
                    415, f"Unsupported 'Accept' header: '{accept}'. Must accept 'application/json'."
                ),
                f"Accept {accept}",
            )
        version = self.version(call)
        known = self.settings["enterprise_versions"] if self.is_enterprise(call) else VERSIONS
        if version not in known:
            raise Refusal(
                error_answer(400, f"The requested API version {version} is not supported."),
                f"X-GitHub-Api-Version {version}",
            )

    def version(self, call: Call) -> str:
        return call.headers.get("X-GitHub-Api-Version", VERSIONS[0])

    @staticmethod
    def is_enterprise(call: Call) -> bool:
        return call.raw_path.startswith("/github/")

    def roots(self, call: Call) -> Roots:
        """Where this request's URLs begin."""
        mount = ENTERPRISE if self.is_enterprise(call) else CLOUD
        return Roots(call.origin + mount, f"{call.origin}/github", self.version(call) == VERSIONS[0])

    @property
    def hook_roots(self) -> Roots:
        """The same outside a request."""
        return Roots(self.sim.origin + ENTERPRISE, f"{self.sim.origin}/github", in_webhook=True)

    def finished(self, call: Call, answer: Answer) -> Answer:
        """ETags on reads; a 304 costs nothing when somebody is logged in."""
        made = tagged(call, answer)
        if made.status == 304 and call.credential is not None:
            self.budget_for(call).spend(-self.cost(call))
        return made

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        made = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": f"{self.random.getrandbits(48):X}",
            "X-GitHub-Api-Version-Selected": self.version(call),
        }
        if self.is_enterprise(call):
            made["X-GitHub-Enterprise-Version"] = self.settings["server_version"]
        if (
            not self.is_enterprise(call)
            or self.settings["enterprise_limits"]
            or self.budget_for(call).enforced
        ):
            made |= self._limit_headers(call)
        held = call.credential
        if held is not None and held.kind == "classic":
            made |= {"X-OAuth-Scopes": ", ".join(sorted(held.scopes)), "X-Accepted-OAuth-Scopes": "repo"}
        if held is not None and held.expires_at is not None and held.kind in ("classic", "fine_grained"):
            when = stamp(self.clock.now().fromtimestamp(held.expires_at, self.clock.now().tzinfo))
            made["GitHub-Authentication-Token-Expiration"] = when.replace("T", " ").replace("Z", " UTC")
        return made

    # -- Limits --------------------------------------------------------------------------------------

    def resource(self, call: Call) -> str:
        if call.path.endswith("/graphql"):
            return "graphql"
        return "search" if "/search/" in call.path else "core"

    def budget_for(self, call: Call) -> Budget:
        """Core is the one that control requests set; the others follow its `enforced`."""
        self.budgets["core"] = self.budget
        chosen = self.budgets[self.resource(call)]
        chosen.enforced = self.budget.enforced
        return chosen

    def cost(self, call: Call) -> int:
        return 0 if call.path.endswith("/rate_limit") else 1

    def over_budget(self, call: Call, budget: Budget) -> Answer:
        """The primary limit: 403 without Retry-After; the reset header says when."""
        return throttled_answer("rate_403_primary", self._asker_id(call), {})

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        return throttled_answer(dialect, "1001", details)

    def _limit_headers(self, call: Call) -> dict[str, str]:
        budget = self.budget_for(call)
        return {
            "X-RateLimit-Limit": str(budget.limit),
            "X-RateLimit-Remaining": str(budget.remaining),
            "X-RateLimit-Used": str(budget.used),
            "X-RateLimit-Reset": str(budget.reset_epoch),
            "X-RateLimit-Resource": self.resource(call),
        }

    def _asker_id(self, call: Call) -> str:
        return self.user(call.credential.user).id if call.credential else "0"

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("10137", login, login, f"{login}@example.net")

    def new_issue_id(self, project: Project, number: int) -> str:
        return node_id("I", self.world.next_number("issue", 3_000_001))

    def issue_key(self, project: Project, number: int) -> str:
        return f"{project.key}#{number}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        kind = "pull" if "pull_request" in issue.extra else "issues"
        return f"{origin}/github/{issue.project}/{kind}/{issue.number}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """A transfer: a new issue with a new node id; the old address redirects."""
        made = self.move_as_new(issue, to)
        self.world.touch(issue, "moved", [("moved_to", None, made.id)])
        return made
