# SPDX-License-Identifier: Apache-2.0
"""Sends webhooks: a bounded queue, one sender, a log of what the receiver answered."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable

import aiohttp

from .clock import Clock
from .limits import WEBHOOK_DELIVERIES_KEPT, WEBHOOK_QUEUE_MAX, WEBHOOK_TIMEOUT_SECONDS
from .signing import SCHEMES


@dataclass
class Event:
    """One webhook before it is signed. `{delivery}` in a header value becomes the delivery's id."""

    name: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    body_id_field: str | None = None
    """Where the vendor puts the delivery id into the body (ADO: `id`)."""
    finish: Callable[[dict[str, Any], "Subscription", str, float], dict[str, Any]] | None = None
    """(body, subscription, delivery id, epoch seconds) → body: what the vendor only knows when it sends."""


@dataclass
class Subscription:
    id: int
    provider: str
    url: str
    secret: str
    scheme: str
    corrupt: bool = False
    """Sends a wrong signature: receivers must refuse it."""
    copies: int = 1
    """2 sends every delivery twice with the same id, as at-least-once vendors do."""
    retries: int = 0
    """Further tries after a failure or a status of 300 and more."""
    retry_seconds: float = 1.0
    headers: dict[str, str] = field(default_factory=dict)
    """Headers the subscriber chose (Azure DevOps' httpHeaders)."""
    extra: dict[str, Any] = field(default_factory=dict)
    """The provider's own: which events and projects it is for. `Provider.wants` reads it."""

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "provider": self.provider,
            "url": self.url,
            "scheme": self.scheme,
            "corrupt": self.corrupt,
            "copies": self.copies,
            "retries": self.retries,
        }


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=WEBHOOK_TIMEOUT_SECONDS)
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


class WebhookSender:
    """Registered receivers and the queue to them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: list[Subscription] = []
        self.deliveries: deque[dict[str, Any]] = deque(maxlen=WEBHOOK_DELIVERIES_KEPT)
        self.dropped = 0
        self._queue: deque[tuple[Subscription, Event]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._last_id = 0

    def add(self, provider: str, url: str, secret: str, scheme: str, **options: Any) -> Subscription:
        if scheme not in SCHEMES:
            raise ValueError(f"scheme must be one of {', '.join(SCHEMES)}")
        self._last_id += 1
        row = Subscription(self._last_id, provider, url, secret, scheme, **options)
        self.rows.append(row)
        return row

    def remove(self, id: int) -> bool:
        before = len(self.rows)
        self.rows = [row for row in self.rows if row.id != id]
        return len(self.rows) < before

    def of(self, provider: str) -> list[Subscription]:
        return [row for row in self.rows if row.provider == provider]

    def listening(self, provider: str) -> bool:
        return any(row.provider == provider for row in self.rows)

    def send(self, provider: str, event: Event, only: int | None = None) -> None:
        """Queues the event for every receiver of the provider (or the one subscription)."""
        for row in self.of(provider):
            if only in (None, row.id):
                self.send_to(row, event)

    def send_to(self, row: Subscription, event: Event) -> None:
        """Queues it; a sender runs while there is something to send, so that idle worlds cost nothing."""
        if len(self._queue) >= WEBHOOK_QUEUE_MAX:
            self.dropped += 1
            return
        self._queue.append((row, event))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def clear(self) -> None:
        self.rows.clear()
        self.deliveries.clear()
        self._queue.clear()

    async def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._queue and (self._task is None or self._task.done())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def handshake(
        self, url: str, headers: dict[str, str], body: dict[str, Any]
    ) -> tuple[int, dict[str, str]]:
        """Asks a receiver once, outside the queue; (status or 0, its headers in lower case)."""
        try:
            async with _session() as session, session.post(
                url, json=body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                return answer.status, {name.lower(): text for name, text in answer.headers.items()}
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return 0, {}

    async def _run(self) -> None:
        """Delivers in order until the queue is empty. It looks once more after the session has closed:
        closing waits, and what is queued meanwhile would start no sender, as this one is not done yet."""
        while self._queue:
            async with _session() as session:
                while self._queue:
                    row, event = self._queue.popleft()
                    delivery = str(uuid.uuid4())
                    for _ in range(row.copies):
                        await self._deliver(session, row, event, delivery)

    async def _deliver(
        self, session: aiohttp.ClientSession, row: Subscription, event: Event, delivery: str
    ) -> None:
        body = dict(event.body)
        if event.body_id_field:
            body[event.body_id_field] = delivery
        if event.finish is not None:
            body = event.finish(body, row, delivery, self.clock.epoch())
        raw = json.dumps(body, separators=(",", ":")).encode()
        for attempt in range(row.retries + 1):
            headers = self._headers(row, event, delivery, raw, attempt)
            status = await self._post(session, row.url, raw, headers)
            self.deliveries.append(
                {
                    "subscription": row.id,
                    "provider": row.provider,
                    "event": event.name,
                    "delivery": delivery,
                    "attempt": attempt,
                    "status": status,
                    "at": self.clock.now().isoformat(),
                }
            )
            if isinstance(status, int) and status < 300:
                return
            if attempt < row.retries:
                await asyncio.sleep(row.retry_seconds)

    def _headers(
        self, row: Subscription, event: Event, delivery: str, raw: bytes, attempt: int
    ) -> dict[str, str]:
        signed = raw + b" " if row.corrupt else raw
        headers = {
            name: text.replace("{delivery}", delivery).replace("{attempt}", str(attempt))
            for name, text in event.headers.items()
        }
        headers |= SCHEMES[row.scheme](signed, row.secret, delivery, int(self.clock.epoch()))
        return {
            "Content-Type": "application/json",
            "User-Agent": f"extref-sim/{row.provider}",
            **row.headers,
            **headers,
        }

    @staticmethod
    async def _post(
        session: aiohttp.ClientSession, url: str, raw: bytes, headers: dict[str, str]
    ) -> int | str:
        try:
            async with session.post(url, data=raw, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as fault:
            return type(fault).__name__
