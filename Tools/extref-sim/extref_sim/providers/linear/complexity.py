# SPDX-License-Identifier: Apache-2.0
"""The size of a query: a property 0.1, an object 1, everything inside a list times its `first` (50 without
one). One query may cost 10,000 points."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, IntValueNode, VariableNode, parse
from graphql import GraphQLError

QUERY_MAX = 10_000
_PAGE_DEFAULT = 50
_OBJECT, _PROPERTY = 1.0, 0.1


def complexity(body: Any) -> int:
    """Points of the query in a request body; 0 for what is no query (other stages refuse that)."""
    text = body.get("query") if isinstance(body, dict) else None
    try:
        document = parse(text) if isinstance(text, str) else None
    except GraphQLError:
        document = None
    if document is None:
        return 0
    variables = body.get("variables")
    counter = _Counter(document, variables if isinstance(variables, dict) else {})
    return max(1, round(sum(counter.of(row, 0) for row in counter.operations)))


class _Counter:
    def __init__(self, document: Any, variables: dict[str, Any]) -> None:
        rows = document.definitions
        self.fragments = {row.name.value: row for row in rows if isinstance(row, FragmentDefinitionNode)}
        self.operations = [row for row in rows if not isinstance(row, FragmentDefinitionNode)]
        self.variables = variables

    def of(self, node: Any, depth: int) -> float:
        if isinstance(node, FragmentSpreadNode):
            found = self.fragments.get(node.name.value)
            return self.of(found, depth + 1) if found is not None and depth < 20 else 0
        inside = getattr(node, "selection_set", None)
        if not isinstance(node, FieldNode):
            return sum(self.of(row, depth) for row in inside.selections) if inside else 0
        if inside is None:
            return _PROPERTY
        first = self._first(node)
        return _OBJECT + sum(self._below(row, first, depth) for row in inside.selections)

    def _below(self, row: Any, first: int, depth: int) -> float:
        many = isinstance(row, FieldNode) and row.name.value == "nodes"
        return self.of(row, depth) * (first if many else 1)

    def _first(self, node: FieldNode) -> int:
        for row in node.arguments or ():
            if row.name.value in ("first", "last"):
                if isinstance(row.value, IntValueNode):
                    return int(row.value.value)
                if isinstance(row.value, VariableNode):
                    value = self.variables.get(row.value.name.value)
                    return value if isinstance(value, int) else _PAGE_DEFAULT
        return _PAGE_DEFAULT
