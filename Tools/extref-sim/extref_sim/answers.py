# SPDX-License-Identifier: Apache-2.0
"""What a handler returns, and the exception that carries an answer out of deep code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """A whole HTTP response as a value, so that faults can cut, delay or replace it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    value: Any = None
    """The JSON value the body was made from, when there is one; answer checks read it."""

    def with_headers(self, **headers: str) -> "Answer":
        """Adds headers; `X_Total=..` becomes `X-Total`."""
        self.headers.update({name.replace("_", "-"): text for name, text in headers.items()})
        return self


def json_answer(
    value: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json;charset=UTF-8",
) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": content_type, **(headers or {})}, value)


def text_answer(
    text: str,
    status: int = 200,
    content_type: str = "text/plain; charset=utf-8",
    headers: dict[str, str] | None = None,
) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": content_type, **(headers or {})})


def html_answer(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return text_answer(text, status, "text/html; charset=utf-8", headers)


def empty_answer(status: int = 204, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, b"", dict(headers or {}))


class Refusal(Exception):
    """Ends the handling of a request with this answer. `raise self.refuse(404, "…")` in a provider."""

    def __init__(self, answer: Answer, violation: str | None = None) -> None:
        super().__init__(violation or f"refused with {answer.status}")
        self.answer = answer
        self.violation = violation
