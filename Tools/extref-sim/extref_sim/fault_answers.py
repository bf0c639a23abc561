# SPDX-License-Identifier: Apache-2.0
"""Answers that faults put in the place of, or around, the real one."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from .answers import Answer, html_answer
from .faults import Fault

if TYPE_CHECKING:
    from .provider import Provider

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Log in</title></head><body>"
    "<form method=\"post\"><input name=\"user\"><input type=\"password\"></form></body></html>"
)
ADO_PAGE = (
    "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head>"
    "<body>Sign in to continue</body></html>"
)


def replacing_answer(fault: Fault, provider: "Provider") -> Answer:
    """The answer of a fault that stands in for the handler."""
    if fault.kind == "html_login":
        return html_answer(LOGIN_PAGE)
    if fault.kind == "ado_203":
        return html_answer(ADO_PAGE, 203)
    if fault.kind == "redirect":
        status = fault.details.get("status", fault.details.get("code", 302))
        return Answer(status, b"", {"Location": str(fault.details.get("location", "/"))})
    if fault.kind == "status":
        return _plain(fault)
    return _throttled(fault, provider)


def _plain(fault: Fault) -> Answer:
    body = fault.details.get("body", "")
    kind = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": kind, **{k: str(v) for k, v in fault.details.get("headers", {}).items()}}
    return Answer(int(fault.details.get("code", 500)), text.encode(), headers)


def _throttled(fault: Fault, provider: "Provider") -> Answer:
    answer = provider.rate_limited(fault.kind, fault.details)
    wait = fault.details.get("retry_after")
    now = provider.clock.epoch()
    if fault.kind in ("rate_429", "rate_403_secondary", "rate_503") and wait is not None:
        answer.headers["Retry-After"] = _waited(fault, provider, wait)
    if fault.kind == "rate_403_primary":
        reset = int(fault.details.get("reset", now + 60))
        answer.headers |= {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Used": "5000",
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Resource": "core",
        }
    if fault.kind == "rate_400_linear":
        reset = int(fault.details.get("reset", now + 60) * 1000)
        answer.headers |= {
            "X-RateLimit-Requests-Limit": "1500",
            "X-RateLimit-Requests-Remaining": "0",
            "X-RateLimit-Requests-Reset": str(reset),
        }
        if wait is not None:
            answer.headers["Retry-After"] = str(wait)
    answer.headers |= {k: str(v) for k, v in fault.details.get("headers", {}).items()}
    return answer


def _waited(fault: Fault, provider: "Provider", seconds: float) -> str:
    """Retry-After in seconds, or as an HTTP date with `as_date`."""
    if not fault.details.get("as_date"):
        return str(seconds)
    return format_datetime(provider.clock.now() + timedelta(seconds=seconds), usegmt=True)


def changed_answer(fault: Fault, answer: Answer) -> Answer:
    """The real answer after a fault that spoils it but keeps the framing whole."""
    if fault.kind == "garbage":
        size = int(fault.details.get("bytes", max(16, len(answer.body))))
        return Answer(answer.status, random.Random(fault.id).randbytes(size), answer.headers)
    if fault.kind == "slow_200":
        delay = fault.details.get("delay", 1)
        answer.headers |= {
            "X-RateLimit-Resource": "Core",
            "X-RateLimit-Delay": str(delay),
            "X-RateLimit-Limit": "200",
            "X-RateLimit-Remaining": "0",
        }
    if fault.kind == "headers":
        answer.headers |= {k: str(v) for k, v in fault.details.get("headers", {}).items()}
    if fault.kind == "fields":
        return _with_other_fields(fault, answer)
    return answer


def _with_other_fields(fault: Fault, answer: Answer) -> Answer:
    """The answer of a vendor whose interface has changed: fields dropped, or with other values."""
    try:
        value = json.loads(answer.body)
    except ValueError:
        return answer
    dropped, changed = set(fault.details.get("drop", [])), fault.details.get("set", {})
    body = json.dumps(_other_fields(value, dropped, changed), ensure_ascii=False, separators=(",", ":"))
    return Answer(answer.status, body.encode(), answer.headers)


def _other_fields(value: Any, dropped: set[str], changed: dict[str, Any]) -> Any:
    """The same JSON; fields are found by name, however deep they are."""
    if isinstance(value, list):
        return [_other_fields(item, dropped, changed) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: changed[name] if name in changed else _other_fields(item, dropped, changed)
        for name, item in value.items()
        if name not in dropped
    }
