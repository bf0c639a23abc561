# SPDX-License-Identifier: Apache-2.0
"""GraphQL refusals as GitLab words them, and its cap on the size of a query."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLError, parse

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...contract import GraphQLOutcome
from .errors import message_answer

COMPLEXITY_MAX, COMPLEXITY_MAX_ANONYMOUS = 250, 200
_LISTS = ("issues", "workItems", "assignees", "labels")
_LIST_COST = 4
_KIND = "application/json; charset=utf-8"


def check_complexity(call: Call) -> None:
    """An approximation: a field costs 1, a list 4. Ten projects with the fields of a batch just fit."""
    if "json_error" in call.notes:
        raise Refusal(message_answer(400, "Unexpected end of JSON input"), "graphql: malformed JSON")
    query = call.body.get("query") if isinstance(call.body, dict) else None
    if not isinstance(query, str):
        return
    try:
        document = parse(query)
    except GraphQLError:
        return
    cost = _cost(document)
    most = COMPLEXITY_MAX if call.credential else COMPLEXITY_MAX_ANONYMOUS
    if cost > most:
        text = f"Query has complexity of {cost}, which exceeds max complexity of {most}"
        raise Refusal(json_answer({"errors": [{"message": text}]}, content_type=_KIND), f"graphql: {text}")


def _cost(document: Any) -> int:
    fragments = {
        row.name.value: row for row in document.definitions if isinstance(row, FragmentDefinitionNode)
    }

    def of(node: Any, depth: int) -> int:
        if isinstance(node, FragmentSpreadNode):
            found = fragments.get(node.name.value)
            return of(found, depth + 1) if found is not None and depth < 20 else 0
        inside = getattr(node, "selection_set", None)
        below = sum(of(row, depth) for row in inside.selections) if inside else 0
        if not isinstance(node, FieldNode):
            return below
        return below + (_LIST_COST if node.name.value in _LISTS else 1)

    return sum(of(row, 0) for row in document.definitions if not isinstance(row, FragmentDefinitionNode))


def refusal(outcome: GraphQLOutcome) -> Answer:
    """Everything comes with HTTP 200; only an execution that went through has data."""
    errors = [_shown(error) for error in outcome.errors]
    if outcome.stage == "execute":
        return json_answer({"data": outcome.data, "errors": errors}, content_type=_KIND)
    return json_answer({"errors": errors}, content_type=_KIND)


def _shown(error: GraphQLError) -> dict[str, Any]:
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    made: dict[str, Any] = {"message": error.message} | ({"locations": places} if places else {})
    return made | ({"path": list(error.path)} if error.path else {})
