# SPDX-License-Identifier: Apache-2.0
"""`/_sim/…`: how tests steer the simulator. All bodies are JSON."""

from __future__ import annotations

import re
from typing import Any, Callable
from urllib.parse import unquote

from .answers import Answer, empty_answer, json_answer
from .call import Call
from .control_issues import IssueRequests
from .control_webhooks import WebhookRequests
from .credentials import STATES, Credential
from .faults import FaultFault
from .provider_control import ControlFault
from .simulator import Simulator


class Control:
    """The table of control requests and their handlers."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self._hooks = hooks = WebhookRequests(sim)
        issues = IssueRequests(sim)
        self._table: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "", self._about),
            ("POST", "/reset", self._reset),
            ("GET", "/journal", self._journal),
            ("DELETE", "/journal", self._clear_journal),
            ("GET", "/counts", self._counts),
            ("GET", "/clock", self._clock),
            ("POST", "/clock", self._advance),
            ("GET", "/faults", self._faults),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("POST", "/tokens/{provider}", self._tokens),
            ("GET", "/{provider}/issues", issues.listed),
            ("POST", "/{provider}/issues", issues.create),
            ("GET", "/{provider}/issues/{key}", issues.show),
            ("PATCH", "/{provider}/issues/{key}", issues.edit),
            ("DELETE", "/{provider}/issues/{key}", issues.delete),
            ("POST", "/{provider}/issues/{key}/move", issues.move),
            ("POST", "/{provider}/issues/{key}/comments", issues.comment),
            ("POST", "/{provider}/projects", issues.project),
            ("PATCH", "/{provider}/projects/{key}", issues.edit_project),
            ("POST", "/{provider}/credentials", self._credential),
            ("POST", "/{provider}/budget", self._budget),
            ("GET", "/{provider}/settings", self._settings),
            ("POST", "/{provider}/settings", self._settings),
            ("GET", "/{provider}/webhooks", hooks.listed),
            ("POST", "/{provider}/webhooks", hooks.add),
            ("DELETE", "/{provider}/webhooks/{key}", hooks.remove),
            ("POST", "/{provider}/webhooks/burst", hooks.burst),
        ]

    async def answer(self, call: Call) -> Answer:
        """Finds the handler and turns mistakes into a 400 that says what is wrong."""
        path = call.raw_path.removeprefix("/_sim").rstrip("/")
        call.decode_body()
        call.query = dict(call.query_items)
        if "json_error" in call.notes or call.raw and not isinstance(call.body, dict):
            return json_answer(
                {"error": "the body must be a JSON object, Content-Type application/json"}, 400
            )
        call.body = call.body or {}
        for method, template, handler in self._table:
            found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", template), path)
            if method == call.method and found:
                names = re.findall(r"\{(\w+)\}", template)
                return self._run(handler, call, dict(zip(names, map(unquote, found.groups()))))
        return json_answer({"error": "no such control request", "requests": self._names()}, 404)

    def _run(self, handler: Callable[..., Any], call: Call, names: dict[str, str]) -> Answer:
        try:
            if "provider" in names:
                found = self.sim.providers.get(names["provider"])
                if found is None:
                    raise ControlFault(
                        f"no provider {names['provider']!r}; there are {', '.join(self.sim.providers)}"
                    )
                names["provider"] = found  # type: ignore[assignment]
            made = handler(call, **names)
            return made if isinstance(made, Answer) else json_answer(made)
        except (ControlFault, FaultFault, KeyError, TypeError, ValueError, re.error) as fault:
            return json_answer({"error": f"{type(fault).__name__}: {fault}"}, 400)

    def _names(self) -> list[str]:
        return [f"{method} /_sim{template}" for method, template, _ in self._table]

    def _about(self, call: Call) -> Any:
        rows = self.sim.providers.values()
        return {
            "contracts": self.sim.contracts is not None,
            "seed": self.sim.seed,
            "requests": self._names(),
            "providers": {
                row.name: {
                    "prefixes": row.prefixes,
                    "issues": len(row.world.issues),
                    "projects": list(row.world.projects),
                }
                for row in rows
            },
        }

    def _reset(self, call: Call) -> Answer:
        self.sim.reset(call.body.get("seed"))
        return empty_answer()

    def _journal(self, call: Call) -> Any:
        ask = call.query
        rows = self.sim.journal.shown(ask.get("provider"), ask.get("path"), int(ask.get("since", 0)))
        if ask.get("violations"):
            rows = [row for row in rows if row["violation"]]
        return {"seq": self.sim.journal.seq, "entries": rows}

    def _clear_journal(self, call: Call) -> Answer:
        self.sim.journal.clear()
        return empty_answer()

    def _counts(self, call: Call) -> Any:
        return {"counts": self.sim.journal.counted()}

    def _clock(self, call: Call) -> Any:
        return {
            "now": self.sim.clock.now().isoformat(),
            "offset_seconds": self.sim.clock.offset.total_seconds(),
        }

    def _advance(self, call: Call) -> Any:
        self.sim.clock.advance(float(call.body["advance_seconds"]))
        return self._clock(call)

    def _faults(self, call: Call) -> Any:
        return {"faults": [row.shown() for row in self.sim.faults.rows]}

    def _add_fault(self, call: Call) -> Answer:
        named = call.body.get("provider")
        if named is not None and named not in self.sim.providers:
            raise ControlFault(f"no provider {named!r}; there are {', '.join(self.sim.providers)}")
        return json_answer(self.sim.faults.add(call.body).shown(), 201)

    def _clear_faults(self, call: Call) -> Answer:
        self.sim.faults.clear()
        return empty_answer()

    def _tokens(self, call: Call, provider: Any) -> Any:
        provider.tokens.configure(call.body)
        return {
            "lifetime": provider.tokens.lifetime,
            "rotate": provider.tokens.rotate,
            "leeway": provider.tokens.leeway,
            "fail": provider.tokens.failing,
        }

    def _credential(self, call: Call, provider: Any) -> Answer:
        """Changes the state of a credential, or adds one ({secret, kind, user, scopes})."""
        secret, state = call.body["secret"], call.body.get("state", "good")
        if state not in STATES:
            raise ControlFault(f"state must be one of {', '.join(STATES)}")
        found = provider.credentials.find(secret)
        if found is None:
            found = provider.credentials.add(
                Credential(secret, call.body["kind"], call.body.get("user", "alice"))
            )
        found.state = state
        if "scopes" in call.body:
            found.scopes = frozenset(call.body["scopes"])
        return empty_answer()

    def _budget(self, call: Call, provider: Any) -> Any:
        budget = provider.budget
        budget.limit = call.body.get("limit", budget.limit)
        budget.window_seconds = call.body.get("window_seconds", budget.window_seconds)
        budget.enforced = call.body.get("enforced", budget.enforced)
        if "remaining" in call.body:
            budget.set_remaining(call.body["remaining"])
        return {"limit": budget.limit, "remaining": budget.remaining, "enforced": budget.enforced}

    def _settings(self, call: Call, provider: Any) -> Any:
        """The vendor's switches; unknown names are refused."""
        unknown = set(call.body) - set(provider.settings)
        if unknown:
            raise ControlFault(
                f"no setting {', '.join(sorted(unknown))}; there are {', '.join(provider.settings)}"
            )
        provider.settings.update(call.body)
        return provider.settings

    async def stop(self) -> None:
        await self._hooks.stop()
