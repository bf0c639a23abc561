# SPDX-License-Identifier: Apache-2.0
"""GitHub's refusals: shapes, texts and the answers to requests that break the contract."""

from __future__ import annotations

from typing import Any

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...contract import Problem

DOCS = "https://docs.github.com/rest"
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you "
    "reach out to GitHub Support for help, please include the request ID."
)


def error_answer(status: int, message: str, **details: Any) -> Answer:
    """`{message, errors?, documentation_url, status}`; the status is a text."""
    body = {"message": message, **details, "documentation_url": details.pop("documentation_url", DOCS)}
    return json_answer(
        {**body, "status": str(status)}, status, content_type="application/json; charset=utf-8"
    )


def unprocessable(resource: str, field: str, code: str, **more: Any) -> Refusal:
    """The 422 with one entry in `errors`."""
    errors = [{"resource": resource, "field": field, "code": code, **more}]
    return Refusal(error_answer(422, "Validation Failed", errors=errors))


def moved_answer(url: str, keeps_method: bool) -> Answer:
    """301 for reads and 307 for writes, as recorded from api.github.com."""
    body = {
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api",
    }
    return json_answer(
        body, 307 if keeps_method else 301, {"Location": url}, content_type="application/json; charset=utf-8"
    )


def contract_answer(call: Call, problems: list[Problem]) -> Answer:
    """GitHub answers 404 to wrong paths and methods, 400 to broken JSON, 422 to the rest."""
    first = problems[0]
    kinds = {problem.kind for problem in problems}
    if kinds & {"unknown_path", "method"}:
        return error_answer(404, "Not Found")
    if "content_type" in kinds:
        return error_answer(415, "Unsupported Media Type")
    if "malformed_body" in kinds:
        return error_answer(400, "Problems parsing JSON")
    if "missing_body" in kinds or call.raw and not isinstance(call.body, dict):
        return error_answer(400, "Body should be a JSON object")
    if first.kind == "invalid_body":
        return error_answer(422, f"Invalid request.\n\n{_body_text(first)}")
    if first.kind == "unknown_parameter":
        return error_answer(422, f'Invalid request.\n\n"{first.name}" is not a permitted key.')
    code = "missing" if first.kind == "missing_parameter" else "invalid"
    return error_answer(
        422,
        "Validation Failed",
        errors=[{"resource": "Search" if first.name == "q" else "Issue", "field": first.name, "code": code}],
    )


def _body_text(problem: Problem) -> str:
    """`"title" wasn't supplied.` and `"foo" is not a permitted key.`, else the validator's words."""
    name = problem.message.split("'")[1] if "'" in problem.message else ""
    if "is a required property" in problem.message:
        return f'"{name}" wasn\'t supplied.'
    if "Additional properties are not allowed" in problem.message:
        return f'"{name}" is not a permitted key.'
    place = f"For 'properties/{problem.name.replace('.', '/')}', " if problem.name else ""
    return f"{place}{problem.message}."


def throttled_answer(dialect: str, user_id: str, details: dict[str, Any]) -> Answer:
    """Bodies of the primary and the secondary limit; the headers come with the fault or the budget."""
    primary = dialect == "rate_403_primary" or bool(details.get("primary"))
    text = f"API rate limit exceeded for user ID {user_id}." if primary else _SECONDARY
    status = {"rate_429": 429, "rate_503": 503}.get(dialect, 403)
    return error_answer(
        status,
        text,
        documentation_url="https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    )
