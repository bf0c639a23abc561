# SPDX-License-Identifier: Apache-2.0
"""GraphQL refusals as GitHub words them: nearly all of them come with HTTP 200."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from ...answers import Answer, json_answer
from ...contract import GraphQLOutcome
from .errors import error_answer

_TYPE = "github_type"
_KIND = "application/json; charset=utf-8"


def failure(kind: str, message: str) -> GraphQLError:
    """A field error: the alias becomes null, the rest of the data stays. kind: NOT_FOUND, FORBIDDEN, …"""
    return GraphQLError(message, extensions={_TYPE: kind})


def refusal(outcome: GraphQLOutcome) -> Answer:
    if outcome.stage == "request":
        message = outcome.errors[0].message
        if "query text" in message:
            message = "A query attribute must be specified and must be a string."
        return error_answer(400, message)
    errors = [_shown(error) for error in outcome.errors]
    if outcome.stage == "execute":
        return json_answer({"data": outcome.data, "errors": errors}, content_type=_KIND)
    return json_answer({"errors": errors}, content_type=_KIND)


def _shown(error: GraphQLError) -> dict[str, Any]:
    made: dict[str, Any] = {}
    kind = (error.extensions or {}).get(_TYPE)
    if kind:
        made["type"] = kind
    if error.path:
        made["path"] = list(error.path)
    elif error.message.startswith("Cannot query field"):
        words = error.message.split("'")
        made |= {
            "path": ["query"],
            "extensions": {"code": "undefinedField", "typeName": words[3], "fieldName": words[1]},
        }
    made["locations"] = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return made | {"message": error.message}
