# SPDX-License-Identifier: Apache-2.0
"""The `fields` parameter: `id,project(shortName),customFields(name,value(name))`. Without it an entity
shows its id and $type; with it what was asked and $type. Names that do not exist are left out."""

from __future__ import annotations

import re
from typing import Any

Tree = dict[str, "Tree"]
_TOKEN = re.compile(r"\s*([A-Za-z_$][\w$]*|[(),])")


class FieldsFault(Exception):
    """A `fields` text whose parentheses or commas do not fit."""


def parse_fields(text: str | None) -> Tree | None:
    """The tree of asked names; None when nothing was asked."""
    if not text or not text.strip():
        return None
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FieldsFault(f"unexpected character at {at}")
        tokens.append(found[1])
        at = found.end()
    tree, rest = _tree(tokens, 0)
    if rest != len(tokens):
        raise FieldsFault("unbalanced parentheses")
    return tree


def _tree(tokens: list[str], at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        if at >= len(tokens) or tokens[at] in "(),":
            raise FieldsFault("a field name is expected")
        name, at = tokens[at], at + 1
        below: Tree = {}
        if at < len(tokens) and tokens[at] == "(":
            below, at = _tree(tokens, at + 1)
            if at >= len(tokens) or tokens[at] != ")":
                raise FieldsFault("a closing parenthesis is missing")
            at += 1
        tree[name] = tree.get(name, {}) | below
        if at >= len(tokens) or tokens[at] != ",":
            return tree, at
        at += 1


def project(value: Any, tree: Tree | None) -> Any:
    """The entity (a dict with $type) or list of entities as the tree wants it."""
    if isinstance(value, list):
        return [project(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    names = tree or {"id": {}}
    made = {name: project(value[name], below) for name, below in names.items() if name in value}
    return made | {"$type": value["$type"]}
