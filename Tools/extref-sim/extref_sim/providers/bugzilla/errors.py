# SPDX-License-Identifier: Apache-2.0
"""Bugzilla's refusals: an error code in the body, and an HTTP status that the code decides."""

from __future__ import annotations

from ...answers import Answer, Refusal, json_answer

_DOCS = "https://bmo.readthedocs.io/en/latest/api/"
_STATUSES = {
    51: 404,
    101: 404,
    100: 404,
    102: 401,
    106: 401,
    110: 401,
    113: 401,
    120: 401,
    300: 401,
    410: 401,
}
MISSING_PARAMETER, MISSING_BUG, NO_ACCESS, BAD_FIELD, BAD_COMPONENT, BAD_PRODUCT = 50, 101, 102, 104, 105, 106
BAD_SUMMARY, BAD_URL, BAD_KEY, REVOKED_KEY, LOGIN_NEEDED, BAD_USER = 107, 112, 306, 307, 410, 504
UNKNOWN_METHOD, MALFORMED = 32614, 32000


def error_answer(code: int, message: str) -> Answer:
    status = 404 if code == UNKNOWN_METHOD else _STATUSES.get(code, 400)
    body = {"error": True, "message": message, "code": code, "documentation": _DOCS}
    return json_answer(body, status, content_type="application/json; charset=UTF-8")


def refused(code: int, message: str) -> Refusal:
    return Refusal(error_answer(code, message))
