# SPDX-License-Identifier: Apache-2.0
"""Refusals as Linear words them: errors[] with extensions; what fails before execution comes with HTTP
400."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from ...answers import Answer, json_answer
from ...contract import GraphQLOutcome

_TYPES = {
    "AUTHENTICATION_ERROR": "authentication error",
    "FORBIDDEN": "forbidden",
    "RATELIMITED": "ratelimited",
    "INVALID_INPUT": "invalid input",
    "INPUT_ERROR": "invalid input",
    "GRAPHQL_VALIDATION_FAILED": "graphql error",
    "INTERNAL_SERVER_ERROR": "internal error",
}


def error_answer(status: int, message: str, code: str) -> Answer:
    return json_answer({"errors": [_shown(message, code)]}, status)


def failure(message: str, code: str = "INPUT_ERROR", status: int = 400) -> GraphQLError:
    """A field error of a resolver."""
    return GraphQLError(message, extensions={"code": code, "statusCode": status})


def missing(kind: str) -> GraphQLError:
    return failure(f"Entity not found: {kind}")


def refusal(outcome: GraphQLOutcome) -> Answer:
    """What breaks before execution is 400. A failing field of a query nulls what is not nullable above it."""
    errors = []
    for error in outcome.errors:
        code = (error.extensions or {}).get("code", "GRAPHQL_VALIDATION_FAILED")
        shown = _shown(error.message, code)
        if error.path:
            shown["path"] = list(error.path)
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations or ()]
        errors.append(shown)
    if outcome.stage == "execute":
        return json_answer({"data": outcome.data, "errors": errors}, 200)
    return json_answer({"errors": errors}, 400)


def _shown(message: str, code: str) -> dict[str, Any]:
    return {
        "message": message,
        "extensions": {
            "type": _TYPES.get(code, "other"),
            "code": code,
            "userError": code != "INTERNAL_SERVER_ERROR",
            "userPresentableMessage": message,
        },
    }
