# SPDX-License-Identifier: Apache-2.0
"""Independent worlds in one process: `/w/{name}/…` addresses one, so that parallel tests cannot meet."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from .control import Control
from .limits import WORLDS_MAX
from .simulator import Simulator

_PREFIXED = re.compile(r"/w/([A-Za-z0-9._~-]{1,100})(?=/|$)(.*)", re.DOTALL)


@dataclass
class Place:
    """One world with its control endpoint. `prefix` is what URLs of this world begin with."""

    prefix: str
    sim: Simulator
    control: Control

    async def stop(self) -> None:
        await self.control.stop()
        await self.sim.hooks.stop()


def split_world(raw_path: str) -> tuple[str | None, str]:
    """(name, rest of the path); no name means the world "default"."""
    found = _PREFIXED.fullmatch(raw_path)
    return (found[1], found[2]) if found else (None, raw_path)


class WorldTable:
    """The default world and the named ones, made on first use. The least recently used one makes room."""

    def __init__(self, default: Simulator) -> None:
        self.default = Place("", default, Control(default))
        self._named: OrderedDict[str, Place] = OrderedDict()

    async def place(self, name: str | None) -> Place:
        if name is None or name == "default":
            return self.default
        if name not in self._named:
            sim = self.default.sim.sibling(f"/w/{name}")
            self._named[name] = Place(f"/w/{name}", sim, Control(sim))
            if len(self._named) > WORLDS_MAX:
                _, oldest = self._named.popitem(last=False)
                await oldest.stop()
        self._named.move_to_end(name)
        return self._named[name]

    async def drop(self, name: str) -> bool:
        """Forgets a world with everything in it; False when there is none of that name."""
        place = self._named.pop(name, None)
        if place is not None:
            await place.stop()
        return place is not None

    def names(self) -> list[str]:
        """The named worlds, least recently used first."""
        return list(self._named)

    async def stop(self) -> None:
        for place in [self.default, *self._named.values()]:
            await place.stop()
