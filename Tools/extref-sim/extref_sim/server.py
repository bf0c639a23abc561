# SPDX-License-Identifier: Apache-2.0
"""HTTP around the simulator, including the faults that only a socket can show."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from .answers import Answer, empty_answer, json_answer
from .call import Call
from .fault_answers import changed_answer, replacing_answer
from .faults import BEFORE, Fault
from .limits import HANG_SECONDS_MAX, REQUEST_BYTES_MAX
from .simulator import Simulator
from .worlds import WorldTable, split_world


class Server:
    """One port: `/_sim` is the control endpoint, `/w/{name}/` a named world, the rest belongs to
    providers."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.worlds = WorldTable(sim)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listens; returns the port."""
        app = web.Application(client_max_size=REQUEST_BYTES_MAX)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=512)
        await site.start()
        port = self._runner.addresses[0][1]
        self.sim.base = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
        return port

    async def stop(self) -> None:
        await self.worlds.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        raw_path, _, raw_query = request.raw_path.partition("?")
        name, raw_path = split_world(raw_path)
        body = await request.read()
        if raw_path in ("", "/") and name is not None:
            return _response(await self._world(request.method, name))
        place = await self.worlds.place(name)
        call = Call(
            request.method,
            raw_path,
            raw_query,
            request.headers,
            body,
            f"http://{request.headers.get('Host', '')}{place.prefix}",
        )
        if raw_path == "/_sim" or raw_path.startswith("/_sim/"):
            return _response(await place.control.answer(call))
        provider = place.sim.provider_for(raw_path)
        if provider is None:
            places = sorted(prefix for prefix, _ in place.sim.providers.prefixes())
            return _response(json_answer({"message": "no provider here", "prefixes": places}, 404))
        return await self._serve_provider(request, provider, call)

    async def _world(self, method: str, name: str) -> Answer:
        """`DELETE /w/{name}` drops a world; a world needs no request to begin."""
        if method != "DELETE":
            return json_answer(
                {"message": "only DELETE; worlds begin by themselves", "worlds": self.worlds.names()}, 405
            )
        return (
            empty_answer() if await self.worlds.drop(name) else json_answer({"message": "no such world"}, 404)
        )

    async def _serve_provider(self, request: web.Request, provider: Any, call: Call) -> web.StreamResponse:
        target = f"{call.path}?{call.raw_query}" if call.raw_query else call.path
        delays, fault = provider.sim.faults.drawn(provider.name, call.method, target)
        kind = fault.kind if fault else ("latency" if delays else None)
        for delay in delays:
            await asyncio.sleep(float(delay.details.get("ms", 0)) / 1000)
        if fault is not None and fault.kind in BEFORE:
            return await self._before(request, provider, call, fault)
        answer = await provider.sim.handle(provider, call)
        provider.sim.record(provider, call, None if kind == "drop_after" else answer.status, kind, answer)
        if fault is None:
            return _response(answer)
        return await self._after(request, fault, answer)

    async def _before(
        self, request: web.Request, provider: Any, call: Call, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind in ("hang", "drop_before"):
            provider.sim.record(provider, call, None, fault.kind)
            if fault.kind == "hang":
                await asyncio.sleep(
                    min(float(fault.details.get("seconds", HANG_SECONDS_MAX)), HANG_SECONDS_MAX)
                )
            return _dropped(request, fault)
        answer = replacing_answer(fault, provider)
        provider.sim.record(provider, call, answer.status, fault.kind)
        return _response(answer)

    async def _after(self, request: web.Request, fault: Fault, answer: Answer) -> web.StreamResponse:
        if fault.kind == "drop_after":
            return _dropped(request, fault)
        if fault.kind == "truncate":
            return await _truncated(request, fault, answer)
        if fault.kind == "slow_body":
            return await _trickled(request, answer, float(fault.details.get("bytes_per_second", 100)))
        if fault.kind == "slow_200":
            await asyncio.sleep(float(fault.details.get("delay", 1)))
        return _response(changed_answer(fault, answer))


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _dropped(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Closes the connection; `"reset": true` sends RST instead of FIN."""
    if request.transport is not None:
        if fault.details.get("reset"):
            request.transport.abort()
        else:
            request.transport.close()
    return web.Response(status=499)


async def _started(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    return response


async def _truncated(request: web.Request, fault: Fault, answer: Answer) -> web.StreamResponse:
    """Announces the whole body, sends half of it, closes."""
    response = await _started(request, answer)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _trickled(request: web.Request, answer: Answer, bytes_per_second: float) -> web.StreamResponse:
    """A slow sender: ten small pieces a second."""
    response = await _started(request, answer)
    piece = max(1, int(bytes_per_second / 10))
    for start in range(0, len(answer.body), piece):
        await asyncio.sleep(piece / bytes_per_second)
        await response.write(answer.body[start : start + piece])
    await response.write_eof()
    return response
