# SPDX-License-Identifier: Apache-2.0
"""The simulator as a value without sockets: a request in, an answer out. `server.py` does the HTTP."""

from __future__ import annotations

import inspect
import random
import sys
import time
from pathlib import Path
from typing import Any

from .answers import Answer, Refusal, json_answer
from .call import Call
from .clock import Clock
from .contract import Problem
from .faults import FaultTable
from .journal import SHOWN_HEADERS, Journal, auth_scheme, shown_body
from .provider import Provider
from .registry import ProviderTable, provider_classes
from .routing import NONE
from .webhooks import WebhookSender


class Simulator:
    """All providers, and what they share: clock, journal, faults, webhooks."""

    def __init__(
        self,
        contracts: Path | None,
        seed: int = 1,
        check_answers: bool = False,
        prefix: str = "",
        base: str = "http://127.0.0.1",
    ) -> None:
        self.clock = Clock()
        self.journal = Journal()
        self.faults = FaultTable()
        self.hooks = WebhookSender(self.clock)
        self.contracts = contracts
        self.check_answers = check_answers
        self.seed = seed
        self.base = base
        """`http://host:port` of the server."""
        self.prefix = prefix
        """Of a named world (`/w/t17`); it stands in front of every path."""
        self.providers = ProviderTable(provider_classes(), self._open)
        if not prefix:
            self.providers.open_all()

    @property
    def origin(self) -> str:
        """What every absolute URL of this world starts with, outside a request (`call.origin` inside one)."""
        return self.base + self.prefix

    def sibling(self, prefix: str) -> "Simulator":
        """An independent world on the same server. Its providers are opened when they are first asked."""
        return Simulator(self.contracts, self.seed, self.check_answers, prefix, self.base)

    def _open(self, name: str, kind: type[Provider]) -> Provider | None:
        try:
            provider = kind(self)
            provider.open(self.contracts)
            provider.reset(self.seed)
        except Exception as fault:  # noqa: BLE001 - a half-written module must not stop the rest
            print(
                f"extref-sim: provider {name} is left out: {type(fault).__name__}: {fault}", file=sys.stderr
            )
            return None
        return provider

    def reset(self, seed: int | None = None) -> None:
        """Back to the start: seeded worlds, no faults, no webhooks, an empty journal."""
        self.seed = self.seed if seed is None else seed
        random.seed(self.seed)
        self.clock.reset()
        self.faults.clear()
        self.hooks.clear()
        self.journal.clear()
        for provider in self.providers.opened():
            provider.reset(self.seed)

    def provider_for(self, raw_path: str) -> Provider | None:
        """The provider with the longest prefix of the path."""
        found = [
            (len(prefix), name)
            for prefix, name in self.providers.prefixes()
            if raw_path == prefix or raw_path.startswith(prefix + "/")
        ]
        return self.providers.get(max(found)[1]) if found else None

    async def handle(self, provider: Provider, call: Call) -> Answer:
        """Routes, judges, authenticates and answers. Never raises."""
        try:
            answer = await self._handled(provider, call)
        except Refusal as refusal:
            answer = refusal.answer
            if refusal.violation:
                call.violations.append(refusal.violation)
        except Exception as fault:  # noqa: BLE001 - a bug of ours must be seen by the test, not hang it
            call.violations.append(f"SIMULATOR BUG {type(fault).__name__}: {fault}")
            answer = json_answer({"simulator_bug": f"{type(fault).__name__}: {fault}"}, 500)
            if not isinstance(fault, NotImplementedError):
                import traceback

                traceback.print_exc()
        answer = provider.finished(call, answer)
        answer.headers = {**provider.common_headers(call, answer), **answer.headers}
        return answer

    async def _handled(self, provider: Provider, call: Call) -> Answer:
        call.decode_body()
        route, call.params, methods = provider.router.match(call.method, call.raw_path)
        if route is None:
            return self._unrouted(provider, call, methods)
        call.route = route
        problems = route.judged.judge(
            call, provider.extra_for(route), provider.comma_arrays, provider.bracket_arrays
        )
        call.violations += map(str, problems)
        provider.prechecked(call)
        if route.auth != NONE:
            provider.authenticate(call)
        budget, cost = provider.budget_for(call), provider.cost(call)
        if cost and not budget.spend(cost):
            return provider.over_budget(call, budget)
        if problems:
            return provider.invalid(call, problems)
        answer = route.handler(call)
        if inspect.isawaitable(answer):
            answer = await answer
        return answer

    def _unrouted(self, provider: Provider, call: Call, methods: list[str]) -> Answer:
        kind = "method" if methods else "unknown_path"
        text = f"is not one of {', '.join(methods)}" if methods else "is not an address of this API"
        problem = Problem(kind, call.method if methods else call.path, text)
        call.violations.append(str(problem))
        answer = provider.invalid(call, [problem])
        if methods:
            answer.headers["Allow"] = ", ".join(sorted(set(methods)))
        return answer

    def record(
        self,
        provider: Provider,
        call: Call,
        status: int | None,
        fault: str | None,
        answer: Answer | None = None,
    ) -> None:
        """Writes the request into the journal. status None: the client got no answer."""
        route = call.route or provider.router.match(call.method, call.raw_path)[0]
        entry: dict[str, Any] = {
            "time": self.clock.now().isoformat(timespec="milliseconds"),
            "monotonic": round(time.monotonic(), 6),
            "provider": provider.name,
            "method": call.method,
            "path": call.path,
            "query": call.raw_query,
            "body": shown_body(call.raw, bool(route and route.secret_body)),
            "header_names": sorted(name.lower() for name in call.headers),
            "headers": {name: call.headers[name] for name in SHOWN_HEADERS if name in call.headers},
            "auth": auth_scheme(call.headers),
            "status": status,
            "fault": fault,
            "route": route.template if route else None,
            "violation": "; ".join(call.violations) or None,
        }
        if self.check_answers and answer is not None and route is not None:
            entry["answer_violation"] = (
                "; ".join(route.judged.judge_answer(answer.status, provider.described(answer.value))) or None
            )
        template = route.template if route else "(unknown)"
        self.journal.record(entry, template, provider.credentials.secrets())
