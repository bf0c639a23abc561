# SPDX-License-Identifier: Apache-2.0
"""Finds provider modules: everything below `extref_sim.providers` that registers a class."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from collections.abc import Iterator, Mapping
from typing import Callable

from .provider import Provider

_registered: dict[str, type[Provider]] = {}
_imported = False


def register(kind: type[Provider]) -> type[Provider]:
    """Class decorator. Last one wins, so that a reload is harmless."""
    _registered[kind.name] = kind
    return kind


def provider_classes() -> dict[str, type[Provider]]:
    """Imports all modules. One that does not import is reported and left out; the others still serve."""
    global _imported
    from . import providers

    if _imported:
        return dict(sorted(_registered.items()))
    _imported = True
    for module in pkgutil.iter_modules(providers.__path__):
        try:
            importlib.import_module(f"{providers.__name__}.{module.name}")
        except Exception:  # noqa: BLE001 - somebody's half-written module must not stop the rest
            print(f"extref-sim: provider module {module.name} is left out:", file=sys.stderr)
            traceback.print_exc()
    return dict(sorted(_registered.items()))


class ProviderTable(Mapping[str, Provider]):
    """The providers of one world by name, opened when they are first asked for: a world that a test makes
    for one tracker must not pay for all of them. One that does not open is left out."""

    def __init__(
        self, kinds: dict[str, type[Provider]], open_one: Callable[[str, type[Provider]], Provider | None]
    ) -> None:
        self._kinds = dict(kinds)
        self._open_one = open_one
        self._opened: dict[str, Provider] = {}

    def __getitem__(self, name: str) -> Provider:
        if name not in self._opened:
            made = self._open_one(name, self._kinds[name])
            if made is None:
                del self._kinds[name]
                raise KeyError(name)
            self._opened[name] = made
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        self.open_all()
        return iter(sorted(self._opened))

    def __len__(self) -> int:
        self.open_all()
        return len(self._opened)

    def open_all(self) -> None:
        for name in list(self._kinds):
            self.get(name)

    def opened(self) -> list[Provider]:
        return list(self._opened.values())

    def prefixes(self) -> list[tuple[str, str]]:
        """(prefix, name) of all, without opening any."""
        return [(prefix, name) for name, kind in self._kinds.items() for prefix in kind.prefixes]
