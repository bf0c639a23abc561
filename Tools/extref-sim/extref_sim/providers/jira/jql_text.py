# SPDX-License-Identifier: Apache-2.0
"""The text half of JQL: what stands behind `~`."""

from __future__ import annotations

import re
from typing import Callable

from .jql_tokens import JqlError


def text_query(text: str, name: str) -> Callable[[str], bool]:
    """Lucene as Jira lets it through: all words, `word*`, "phrases" in quotation marks, backslash escapes."""
    if not text.strip():
        raise JqlError(f"The field '{name}' does not support searching for an empty string.")
    if text[0] in "*?":
        raise JqlError(
            f"The text query '{text}' for field '{name}' is not allowed to start with '{text[0]}'."
        )
    bare = re.sub(r"\\.", " ", text)
    unbalanced = bare.count('"') % 2 or any(
        bare.count(left) != bare.count(right) for left, right in ("()", "[]", "{}")
    )
    if unbalanced or bare.rstrip().endswith(("!", "\\")):
        raise JqlError(f"Unable to parse the text '{text}' for field '{name}'.")
    phrases = [phrase.lower() for phrase in re.findall(r'"([^"]*)"', bare)]
    words = re.findall(r"[\w]+\*?", re.sub(r'"[^"]*"', " ", re.sub(r"\\(.)", r" \1 ", text)).lower())
    words = [word for word in words if word not in ("and", "or", "not")]

    def matches(value: str) -> bool:
        value = value.lower()
        held = re.findall(r"\w+", value)
        return all(_joined(phrase) in _joined(value) for phrase in phrases) and all(
            any(token.startswith(word[:-1]) if word.endswith("*") else token == word for token in held)
            for word in words
        )

    return matches


def _joined(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text)) + " "
