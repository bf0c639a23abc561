# SPDX-License-Identifier: Apache-2.0
"""Faults that tests order: which requests they hit, how often, and what kind they are."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from .limits import FAULTS_MAX

BEFORE = (
    "hang",
    "drop_before",
    "status",
    "html_login",
    "ado_203",
    "redirect",
    "rate_429",
    "rate_403_secondary",
    "rate_403_primary",
    "rate_400_linear",
    "rate_503",
)
AFTER = ("drop_after", "truncate", "garbage", "slow_body", "slow_200", "headers", "fields")
KINDS = ("latency", *BEFORE, *AFTER)
_OWN = ("id", "provider", "method", "path", "kind", "count", "skip", "probability", "seed")


class FaultFault(Exception):
    """A fault description that makes no sense."""


@dataclass
class Fault:
    """One order. `details` holds what only its kind reads (ms, retry_after, location, …)."""

    id: int
    kind: str
    provider: str | None = None
    method: str | None = None
    path: re.Pattern[str] | None = None
    count: int | None = 1
    """Requests still to hit; None hits for ever."""
    skip: int = 0
    """Matching requests to let pass first."""
    probability: float = 1.0
    dice: random.Random = field(default_factory=random.Random)
    details: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def strikes(self, provider: str, method: str, target: str) -> bool:
        """Whether it hits this request; counts when it does."""
        if self.count == 0 or not self._matches(provider, method, target):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.hits += 1
        if self.count is not None:
            self.count -= 1
        return True

    def _matches(self, provider: str, method: str, target: str) -> bool:
        return (
            self.provider in (None, provider)
            and self.method in (None, method)
            and (self.path is None or self.path.search(target) is not None)
        )

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "provider": self.provider,
            "method": self.method,
            "path": self.path.pattern if self.path else None,
            "remaining": self.count,
            "skip": self.skip,
            "probability": self.probability,
            "hits": self.hits,
            **self.details,
        }


class FaultTable:
    """All orders, oldest first. A request meets every latency that matches and the first other fault."""

    def __init__(self) -> None:
        self.rows: list[Fault] = []
        self._last_id = 0

    def add(self, order: dict[str, Any]) -> Fault:
        if order.get("kind") not in KINDS:
            raise FaultFault(f"kind must be one of {', '.join(KINDS)}")
        if len(self.rows) >= FAULTS_MAX:
            raise FaultFault(f"there are {FAULTS_MAX} faults already")
        try:
            path = re.compile(order["path"]) if order.get("path") else None
        except re.error as error:
            raise FaultFault(f"path is no regular expression: {error}") from error
        self._last_id += 1
        method = order.get("method")
        fault = Fault(
            self._last_id,
            order["kind"],
            order.get("provider"),
            method.upper() if method else None,
            path,
            order.get("count", 1),
            order.get("skip", 0),
            order.get("probability", 1.0),
            random.Random(order.get("seed", 0)),
            {k: v for k, v in order.items() if k not in _OWN},
        )
        self.rows.append(fault)
        return fault

    def drawn(self, provider: str, method: str, target: str) -> tuple[list[Fault], Fault | None]:
        """(latencies, the other fault) for a request; `target` is path and query."""
        delays = [row for row in self.rows if row.kind == "latency" and row.strikes(provider, method, target)]
        others = (row for row in self.rows if row.kind != "latency" and row.strikes(provider, method, target))
        chosen = next(others, None)
        self.rows = [row for row in self.rows if row.count != 0]
        return delays, chosen

    def clear(self) -> None:
        self.rows.clear()
