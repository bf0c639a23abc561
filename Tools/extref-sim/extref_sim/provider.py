# SPDX-License-Identifier: Apache-2.0
"""The base of all provider modules: what a vendor's server is made of."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable

from .answers import Answer, Refusal, json_answer
from .budget import Budget
from .call import Call
from .contract import GraphQLContract, GraphQLOutcome, Problem, RestContract
from .contract.tables import RequestTable, unknown_operation
from .credentials import CredentialTable
from .oauth import TokenService
from .provider_control import IssueControl
from .routing import REQUIRED, Route, Router
from .webhooks import Event, Subscription
from .world import Change, Issue, Status, World

if TYPE_CHECKING:
    from .simulator import Simulator


class Provider(IssueControl):
    """Subclass it, fill the class attributes, `seed`, `routes`, `authenticate` and `error`, and register it
    with `@register`. Everything below has a working default; override where the vendor differs."""

    name = ""
    prefixes: tuple[str, ...] = ()
    """First path segments this provider answers: `("/jira", "/atlassian")`."""
    rest: RestContract | None = None
    graphql: GraphQLContract | None = None
    statuses: tuple[Status, ...] = ()
    comma_arrays = False
    """The vendor splits array parameters at commas even where the contract says to repeat them."""
    bracket_arrays = False
    """The vendor reads `iids[]=1&iids[]=2` like `iids=1,2`."""
    extra_query: dict[str, dict[str, dict[str, Any]]] = {}
    """Parameters known to the facts sheet, not to the reduced contract: its path (or "*") → name → schema."""
    budget_limit = 0
    budget_seconds = 3600
    webhook_scheme = "none"
    default_settings: dict[str, Any] = {}
    """This vendor's switches, set by `POST /_sim/{provider}/settings` and read from `self.settings`."""

    def __init__(self, sim: "Simulator") -> None:
        self.sim = sim
        self.clock = sim.clock
        self.random = random.Random()
        self.credentials = CredentialTable()
        self.tokens = TokenService(self)
        self.world = World(self.clock, self.statuses)
        self.budget = Budget(self.clock, self.budget_limit, self.budget_seconds)
        self.router = Router([])
        self.settings = dict(self.default_settings)

    # -- What a module writes ------------------------------------------------------------------------

    def seed(self) -> None:
        """Fills `self.world` and `self.credentials`; called at start and on every reset."""

    def routes(self) -> Iterable[Route]:
        """All routes. `self.mounted` makes those that lie below several prefixes."""
        return ()

    def authenticate(self, call: Call) -> None:
        """Sets `call.credential` or raises a refusal exactly as the vendor would. `call.route.auth` says
        whether anonymous is allowed, `call.route.scopes` what the credential must hold."""

    def error(self, status: int, message: str, **details: Any) -> Answer:
        """The vendor's error shape."""
        return json_answer({"message": message, **details}, status)

    def resolvers(self) -> dict[str, Any]:
        """GraphQL resolvers, `{"Query.issue": function}`."""
        return {}

    def graphql_refusal(self, outcome: GraphQLOutcome) -> Answer:
        """A failed GraphQL request in the vendor's shape; `outcome.stage` says where it failed."""
        errors = [{"message": error.message} for error in outcome.errors]
        return json_answer(
            {"data": outcome.data, "errors": errors}, 200 if outcome.stage == "execute" else 400
        )

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        """The webhook events of a change. kind: created, updated, deleted, moved, commented."""
        return ()

    # -- What a module may override ------------------------------------------------------------------

    def budget_for(self, call: Call) -> Budget:
        """Vendors with several rate limits choose here (GitHub: core, search, graphql)."""
        return self.budget

    def cost(self, call: Call) -> int:
        """What a request takes from its budget; 0 is free (GitHub's /rate_limit)."""
        return 1

    def over_budget(self, call: Call, budget: Budget) -> Answer:
        """The answer to a request over an enforced budget."""
        return self.rate_limited("rate_429", {}).with_headers(Retry_After=str(budget.reset_seconds))

    def finished(self, call: Call, answer: Answer) -> Answer:
        """The last word on an answer before its common headers: conditional requests."""
        return answer

    def described(self, value: Any) -> Any:
        """The part of our answer that the contract describes: vendors wrap lists and do not say so."""
        return value

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        """Whether a receiver asked for this: receivers made by the vendor's own API name events and projects
        in `row.extra`; those made by a control request get everything."""
        return True

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        """The answer to a request that breaks the contract."""
        statuses = {"unknown_path": 404, "method": 405, "content_type": 415}
        status = min(statuses.get(problem.kind, 400) for problem in problems)
        return self.error(status, "; ".join(map(str, problems)))

    def prechecked(self, call: Call) -> None:
        """Header rules that hold for every request (GitHub: User-Agent). Raise a refusal."""

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        """Headers on every answer: rate-limit numbers from `self.budget`, request ids."""
        return {}

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        """Body and status of a throttled answer; headers of the dialect are added by the fault."""
        status = {"rate_403_primary": 403, "rate_403_secondary": 403, "rate_400_linear": 400, "rate_503": 503}
        return self.error(status.get(dialect, 429), "Rate limit exceeded.")

    # -- What a module calls -------------------------------------------------------------------------

    def refuse(self, status: int, message: str, *more: Any, **details: Any) -> Refusal:
        """`raise self.refuse(404, "…")`; everything goes to `error`."""
        return Refusal(self.error(status, message, *more, **details))

    def route(
        self, method: str, path: str, handler: Any, operation: str | None = None, **options: Any
    ) -> Route:
        return Route(method, path, handler, operation, **options)

    def mounted(
        self,
        mounts: Iterable[str],
        method: str,
        path: str,
        handler: Any,
        auth: str = REQUIRED,
        operation: str | None = None,
        table: RequestTable | None = None,
        **options: Any,
    ) -> list[Route]:
        """The same operation below every mount; the contract path is `path` unless given."""
        named = operation or path
        return [Route(method, mount + path, handler, named, table, auth, **options) for mount in mounts]

    def graphql_answer(self, call: Call) -> Answer:
        """Runs the body of the call against `self.graphql`; use it as the handler of the endpoint."""
        assert self.graphql is not None
        outcome = self.graphql.run(call.body, call)
        if outcome.stage == "ok":
            return json_answer({"data": outcome.data})
        if outcome.stage in ("request", "parse", "validate", "variables"):
            call.violations += [f"graphql {outcome.stage}: {error.message}" for error in outcome.errors]
        return self.graphql_refusal(outcome)

    def note(self, issue: Issue, kind: str, change: Change) -> None:
        """The world's listener: turns a change into webhooks."""
        if self.sim.hooks.listening(self.name):
            for event in self.events(issue, kind, change):
                for row in self.sim.hooks.of(self.name):
                    if self.wants(row, issue, event):
                        self.sim.hooks.send_to(row, event)

    # -- What the simulator calls --------------------------------------------------------------------

    def open(self, contracts: Path | None) -> None:
        """Reads the contracts and binds every route to its operation."""
        if self.rest is not None:
            self.rest.load(contracts)
        if self.graphql is not None:
            self.graphql.load(contracts)
            self.graphql = self.graphql.attached(self.resolvers())
        routes = list(self.routes())
        for route in routes:
            route.judged = self._bound_operation(route)
        self.router = Router(routes)

    def reset(self, seed: int) -> None:
        """Back to the seeded world."""
        self.random = random.Random(f"{seed}:{self.name}")
        self.world = World(self.clock, self.statuses)
        self.settings = dict(self.default_settings)
        self.credentials.clear()
        self.tokens = TokenService(self)
        self.budget = Budget(self.clock, self.budget_limit, self.budget_seconds)
        self.seed()
        self.world.listeners.append(self.note)

    def extra_for(self, route: Route) -> dict[str, dict[str, Any]]:
        return {**self.extra_query.get("*", {}), **self.extra_query.get(route.operation or "", {})}

    def _bound_operation(self, route: Route) -> Any:
        loaded = self.rest is not None and self.rest.loaded
        if route.operation and loaded:
            found = self.rest.operation(route.method, route.operation)
            if found is None and route.table is None:
                raise LookupError(f"{self.name}: the contract has no {route.method} {route.operation}")
            if found is not None:
                return found
        return route.table.operation() if route.table else unknown_operation()
