# SPDX-License-Identifier: Apache-2.0
"""GitLab's refusals: `message` from the application, `error` from the layer that reads parameters and
tokens."""

from __future__ import annotations

from typing import Any

from ...answers import Answer, Refusal, json_answer, text_answer
from ...call import Call
from ...contract import Problem

_KIND = "application/json"


def message_answer(status: int, message: Any) -> Answer:
    """`{"message": …}`: a text, or field names with lists of texts."""
    return json_answer({"message": message}, status, content_type=_KIND)


def parameter_answer(text: str, status: int = 400) -> Answer:
    """`{"error": …}` of the parameter layer."""
    return json_answer({"error": text}, status, content_type=_KIND)


def token_answer(status: int, error: str, description: str, scope: str = "") -> Answer:
    """The OAuth shape, also for personal tokens."""
    body = {"error": error, "error_description": description} | ({"scope": scope} if scope else {})
    realm = f'Bearer realm="Protected by OAuth 2.0", error="{error}", error_description="{description}"'
    return json_answer(body, status, {"WWW-Authenticate": realm}, content_type=_KIND)


def not_found(what: str = "Not found") -> Refusal:
    """Hidden things look like missing ones: `404 Project Not Found`, `404 Not found`."""
    return Refusal(message_answer(404, f"404 {what}"))


def contract_answer(call: Call, problems: list[Problem]) -> Answer:
    kinds = {problem.kind for problem in problems}
    if "unknown_path" in kinds:
        return parameter_answer("404 Not Found", 404)
    if "method" in kinds:
        return parameter_answer("405 Not Allowed", 405)
    if "content_type" in kinds:
        return parameter_answer("The provided content-type is not supported.", 415)
    if "malformed_body" in kinds:
        return parameter_answer("Problem processing request. Malformed JSON body.")
    return parameter_answer(", ".join(dict.fromkeys(map(_text, problems))))


def _text(problem: Problem) -> str:
    if problem.kind == "missing_parameter":
        return f"{problem.name} is missing"
    if problem.kind == "missing_body" or problem.kind == "invalid_body" and not problem.name:
        name = problem.message.split("'")[1] if "'" in problem.message else "body"
        return f"{name} is {'not allowed' if 'Additional' in problem.message else 'missing'}"
    if problem.kind == "unknown_parameter":
        return f"{problem.name} is not a parameter"
    wrong = "does not have a valid value" if "is not one of" in problem.message else "is invalid"
    return f"{problem.name} {wrong}"


def throttled_answer(graph: bool, style: str) -> Answer:
    """Three shapes: plain text (the middleware), JSON (the application's own limits), HTML (GraphQL)."""
    if graph:
        return text_answer("Retry later\n", 429, "text/html; charset=utf-8")
    if style == "json":
        text = "This endpoint has been requested too many times. Try again later."
        return message_answer(429, {"error": text})
    return text_answer("Retry later\n", 429, "text/plain")
