# SPDX-License-Identifier: Apache-2.0
"""The control requests about webhooks: receivers, deliveries, bursts."""

from __future__ import annotations

import asyncio
from typing import Any

from .answers import Answer, empty_answer, json_answer
from .call import Call
from .limits import WEBHOOK_BURST_MAX
from .provider_control import ControlFault
from .simulator import Simulator
from .world import Change


class WebhookRequests:
    """Handlers of `/_sim/{provider}/webhooks…`."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self._bursts: set[asyncio.Task[None]] = set()

    def listed(self, call: Call, provider: Any) -> Any:
        hooks = self.sim.hooks
        return {
            "webhooks": [row.shown() for row in hooks.rows if row.provider == provider.name],
            "deliveries": [row for row in hooks.deliveries if row["provider"] == provider.name],
            "dropped": hooks.dropped,
        }

    def add(self, call: Call, provider: Any) -> Answer:
        options = dict(call.body)
        scheme = options.pop("scheme", provider.webhook_scheme)
        row = self.sim.hooks.add(
            provider.name, options.pop("url"), options.pop("secret", ""), scheme, **options
        )
        return json_answer(row.shown(), 201)

    def remove(self, call: Call, provider: Any, key: str) -> Answer:
        return (
            empty_answer()
            if self.sim.hooks.remove(int(key))
            else json_answer({"error": "no such webhook"}, 404)
        )

    def burst(self, call: Call, provider: Any) -> Answer:
        """Sends `count` "updated" events at `per_second`, round all visible issues (or the given `keys`)."""
        count, pace = int(call.body.get("count", 100)), float(call.body.get("per_second", 100))
        if not 0 < count <= WEBHOOK_BURST_MAX or pace <= 0:
            raise ControlFault(f"count must be 1 to {WEBHOOK_BURST_MAX}, per_second above 0")
        keys = call.body.get("keys")
        issues = [provider.world.find(key) for key in keys] if keys else provider.world.all_seen()
        if not issues or None in issues:
            raise ControlFault("there are no such issues")
        task = asyncio.get_running_loop().create_task(self._sent(provider, issues, count, pace))
        self._bursts.add(task)
        task.add_done_callback(self._bursts.discard)
        return json_answer({"count": count, "per_second": pace}, 202)

    async def _sent(self, provider: Any, issues: list[Any], count: int, pace: float) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        for index in range(count):
            due = started + index / pace
            if due - loop.time() > 0.005:
                await asyncio.sleep(due - loop.time())
            issue = issues[index % len(issues)]
            change = Change(
                str(index), "alice", self.sim.clock.now(), [("status", issue.status, issue.status)]
            )
            provider.note(issue, "updated", change)
            if index % 100 == 99:
                await asyncio.sleep(0)

    async def stop(self) -> None:
        for task in self._bursts:
            task.cancel()
        await asyncio.gather(*self._bursts, return_exceptions=True)
