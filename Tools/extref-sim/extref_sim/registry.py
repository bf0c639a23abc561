# SPDX-License-Identifier: Apache-2.0
"""Finds provider modules: everything below `extref_sim.providers` that registers a class."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback

from .provider import Provider

_registered: dict[str, type[Provider]] = {}


def register(kind: type[Provider]) -> type[Provider]:
    """Class decorator. Last one wins, so that a reload is harmless."""
    _registered[kind.name] = kind
    return kind


def provider_classes() -> dict[str, type[Provider]]:
    """Imports all modules. One that does not import is reported and left out; the others still serve."""
    from . import providers
    for module in pkgutil.iter_modules(providers.__path__):
        try:
            importlib.import_module(f"{providers.__name__}.{module.name}")
        except Exception:  # noqa: BLE001 - somebody's half-written module must not stop the rest
            print(f"extref-sim: provider module {module.name} is left out:", file=sys.stderr)
            traceback.print_exc()
    return dict(_registered)
