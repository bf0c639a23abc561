# SPDX-License-Identifier: Apache-2.0
"""Reads query strings as the contract says they are written: types, arrays, separators."""

from __future__ import annotations

import re
from typing import Any

_SEPARATORS = {"csv": ",", "form": ",", "ssv": " ", "spaceDelimited": " ", "pipes": "|", "pipeDelimited": "|"}


class Unreadable(Exception):
    """The text cannot be a value of the declared type."""


def decoded(texts: list[str], schema: dict[str, Any], style: str, exploded: bool, commas: bool) -> Any:
    """The value the texts stand for. `commas`: the vendor splits repeated arrays at commas too."""
    if "array" in _types(schema):
        return _array(texts, schema, style, exploded, commas)
    if len(texts) > 1:
        raise Unreadable("is given more than once")
    return _scalar(texts[0], schema)


def _array(texts: list[str], schema: dict[str, Any], style: str, exploded: bool, commas: bool) -> list[Any]:
    if not exploded and len(texts) > 1:
        raise Unreadable("is repeated, but the contract wants one separated list")
    separator = _SEPARATORS.get(style, ",")
    split = commas or not exploded
    parts = [part for text in texts for part in (text.split(separator) if split else [text])]
    items = schema.get("items") or {}
    return [_scalar(part.strip() if split else part, items) for part in parts]


def _scalar(text: str, schema: dict[str, Any]) -> Any:
    types = _types(schema)
    if not types or "string" in types and len(types) == 1:
        return text
    if "integer" in types and re.fullmatch(r"[+-]?\d{1,19}", text):
        return int(text)
    if "number" in types and re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return float(text)
    if "boolean" in types and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "null" in types and text == "":
        return None
    if "string" in types:
        return text
    raise Unreadable(f"must be {' or '.join(sorted(types))}")


def _types(schema: dict[str, Any]) -> set[str]:
    """All types the schema names, also inside its alternatives; empty means anything."""
    named = schema.get("type")
    types = {named} if isinstance(named, str) else set(named or ())
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word, ()):
            types |= _types(branch)
    if not types and all(isinstance(value, str) for value in schema.get("enum", ())):
        return {"string"} if "enum" in schema else set()
    return types
