# SPDX-License-Identifier: Apache-2.0
"""Finds properties in our own answers that the vendor's schema does not declare.

A published schema allows additional properties, so a field we invented would pass it, and an adapter could
come to rely on something that the real vendor never sends."""

from __future__ import annotations

from typing import Any, Iterator

from referencing import Registry

_BRANCHES = ("allOf", "anyOf", "oneOf")


def undeclared(
    value: Any,
    schema: dict[str, Any],
    registry: Registry,
    allowed: frozenset[str] = frozenset(),
    place: str = "$",
) -> Iterator[str]:
    """JSON paths of all properties that no branch of the schema names; `allowed` are names that pass
    anywhere."""
    branches = list(_flat(schema, registry))
    if isinstance(value, list):
        items = [branch["items"] for branch in branches if isinstance(branch.get("items"), dict)]
        for index, item in enumerate(value if items else ()):
            yield from undeclared(item, {"anyOf": items}, registry, allowed, f"{place}[{index}]")
    if not isinstance(value, dict):
        return
    objects = [branch for branch in branches if "properties" in branch]
    if not objects or any(branch.get("additionalProperties") for branch in branches):
        return
    for name, item in value.items():
        named = [branch["properties"][name] for branch in objects if name in branch["properties"]]
        if not named and name in allowed:
            continue
        if not named:
            yield f"{place}.{name} is not declared"
        elif isinstance(item, (dict, list)):
            yield from undeclared(item, {"anyOf": named}, registry, allowed, f"{place}.{name}")


def _flat(schema: Any, registry: Registry) -> Iterator[dict[str, Any]]:
    """The schema itself and all its branches, references followed."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = registry.resolver().lookup(schema["$ref"]).contents
    if not isinstance(schema, dict):
        return
    yield schema
    for word in _BRANCHES:
        for branch in schema.get(word, ()):
            yield from _flat(branch, registry)
