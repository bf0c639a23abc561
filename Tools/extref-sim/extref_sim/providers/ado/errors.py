# SPDX-License-Identifier: Apache-2.0
"""Azure DevOps' refusals: one envelope with a typeKey; texts begin with TF or VS numbers. Clients should
branch on those, for the rest of a text is localised."""

from __future__ import annotations

from typing import Any

from ...answers import Answer, Refusal, html_answer, json_answer
from ...call import Call
from ...contract import Problem

SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head>"
    "<body>Sign in to continue</body></html>"
)
_SPACE = "Microsoft.TeamFoundation.WorkItemTracking.Server"


def error_answer(status: int, message: str, type_key: str, event: int = 3200, **more: Any) -> Answer:
    body = {
        "$id": "1",
        "innerException": None,
        "message": message,
        "typeName": f"{_SPACE}.{type_key}, {_SPACE}",
        "typeKey": type_key,
        "errorCode": 0,
        "eventId": event,
    }
    return json_answer(body | more, status)


def refused(status: int, message: str, type_key: str, **more: Any) -> Refusal:
    return Refusal(error_answer(status, message, type_key, **more))


def missing_item(id: Any) -> Refusal:
    """Deleted, hidden and absent look alike."""
    text = f"TF401232: Work item {id} does not exist, or you do not have permissions to read it."
    return refused(404, text, "WorkItemUnauthorizedAccessException")


def missing_project(name: str) -> Refusal:
    text = (
        f"TF200016: The following project does not exist: {name}. Verify that the name of the project is "
        "correct and that the project exists on the specified Azure DevOps Server."
    )
    return refused(404, text, "ProjectDoesNotExistWithNameException")


def missing_type(name: str, project: str) -> Refusal:
    text = (
        f"VS402323: Work item type {name} does not exist in project {project} or you do not have permission "
        "to access it."
    )
    return refused(404, text, "WorkItemTypeNotFoundException")


def missing_field(name: str) -> Refusal:
    return refused(
        400, f"TF51535: Cannot find field {name}.", "WorkItemTrackingFieldDefinitionNotFoundException"
    )


def rule_error(field: str, name: str, code: str, flags: str = "invalid") -> Refusal:
    """TF401320: a rule of the work item type is broken. `field` is the reference name, `name` the shown
    one."""
    text = f"TF401320: Rule Error for field {name}. Error code: {code}."
    problem = {
        "fieldReferenceName": field,
        "fieldStatusFlags": code,
        "errorMessage": text,
        "fieldStatusCode": 524289 if flags == "required" else 16385,
        "ruleValidationErrors": None,
    }
    custom = {"RuleValidationErrors": [problem]}
    return refused(400, text, "RuleValidationException", event=3200, customProperties=custom)


def sign_in_answer(style: str, origin: str) -> Answer:
    """What bad credentials get: a page, with 203 or behind a 302. The quiet way is a header of the
    request."""
    if style == "302":
        return html_answer("", 302, {"Location": f"{origin}/ado/_signin"})
    return html_answer(SIGN_IN, 203)


def contract_answer(call: Call, problems: list[Problem]) -> Answer:
    kinds = {problem.kind for problem in problems}
    first = problems[0]
    if "unknown_path" in kinds:
        return html_answer("<html><body><h1>404 - Page not found</h1></body></html>", 404)
    if "method" in kinds:
        text = f"The requested resource does not support http method '{call.method}'."
        return error_answer(405, text, "VssServiceException", 0)
    if "content_type" in kinds:
        text = f'The request indicated a Content-Type of "{call.media_type}" for method type "{call.method}"'
        text += " which is not supported."
        return error_answer(415, text, "VssRequestContentTypeNotSupportedException", 3000)
    if any(problem.name == "api-version" for problem in problems):
        text = (
            f'No api-version was supplied for the "{call.method}" request. The version must be supplied '
            'either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a '
            'query parameter '
            '(e.g. "?api-version=1.0").'
        )
        return error_answer(400, text, "VssVersionNotSpecifiedException", 3000)
    if kinds & {"malformed_body", "missing_body"} or call.media_type == "application/json-patch+json":
        text = "You must pass a valid patch document in the body of the request."
        return error_answer(400, text, "VssPropertyValidationException", 3000)
    text = f"A value is required or wrong. Parameter name: {first.name or 'body'}: {first.message}"
    return error_answer(400, text, "InvalidArgumentValueException", 0)
