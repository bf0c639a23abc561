# SPDX-License-Identifier: Apache-2.0
"""One simulator for all tests, in a thread of its own; every test starts from the seeded world."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extref_sim.cli import DEFAULT_CONTRACTS  # noqa: E402
from extref_sim.server import Server  # noqa: E402
from extref_sim.simulator import Simulator  # noqa: E402


@dataclass
class Reply:
    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


class Client:
    """Asks a running simulator. Every request has its own connection: faults cut connections."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.host = sim.origin.removeprefix("http://")

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
        timeout: float = 10,
    ) -> Reply:
        """`body` is sent as JSON (bytes as they are), `form` as a form."""
        sent = {
            "Host": self.host,
            "User-Agent": "extref-test",
            "Accept": "application/json",
            **(headers or {}),
        }
        raw = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        if form is not None:
            raw = urlencode(form).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif raw is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            connection.request(method, path, raw, sent)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A control request that must succeed; its JSON."""
        reply = self.ask(method, "/_sim" + path, body)
        assert reply.status < 300, (reply.status, reply.raw)
        return reply.json if reply.raw else None

    def journal(self, **query: Any) -> list[dict[str, Any]]:
        return self.control("GET", "/journal?" + urlencode(query))["entries"]


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def started(contracts: Path | None, **options: Any) -> tuple[Client, Any]:
    """(client, function that stops the server)."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def start() -> Server:
        server = Server(Simulator(contracts, **options))
        await server.start("127.0.0.1", 0)
        return server

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(30)

    def stop() -> None:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)

    return Client(server.sim), stop


@pytest.fixture(scope="session")
def running() -> Iterator[Client]:
    if not DEFAULT_CONTRACTS.is_dir():
        pytest.skip("no contracts folder beside the repository")
    client, stop = started(DEFAULT_CONTRACTS, check_answers=True)
    yield client
    stop()


@pytest.fixture
def sim(running: Client) -> Client:
    """The simulator in its seeded state."""
    running.control("POST", "/reset", {})
    return running
