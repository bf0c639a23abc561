# SPDX-License-Identifier: Apache-2.0
"""Conditional requests: an ETag from the body, and the 304 without one."""

from __future__ import annotations

import hashlib

from .answers import Answer
from .call import Call


def tagged(call: Call, answer: Answer) -> Answer:
    """A successful read with its weak ETag, or the 304 when the client has that version already."""
    if call.method != "GET" or answer.status != 200 or not answer.body:
        return answer
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    answer.headers["ETag"] = tag
    if not _matches(call, tag, answer.headers.get("Last-Modified")):
        return answer
    return Answer(304, b"", {name: text for name, text in answer.headers.items() if name != "Content-Type"})


def _matches(call: Call, tag: str, modified: str | None) -> bool:
    """If-None-Match wins over If-Modified-Since; the comparison is weak."""
    asked = call.headers.get("If-None-Match")
    if asked is not None:
        texts = [text.strip().removeprefix("W/") for text in asked.split(",")]
        return asked.strip() == "*" or tag.removeprefix("W/") in texts
    return modified is not None and call.headers.get("If-Modified-Since") == modified
