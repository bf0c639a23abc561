# SPDX-License-Identifier: Apache-2.0
"""Atlassian documents (ADF): made, read and judged as far as issues need it."""

from __future__ import annotations

from typing import Any


def document(text: str) -> dict[str, Any]:
    """Plain text as an Atlassian document."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
        for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def plain(value: Any) -> str:
    """All text inside an Atlassian document, or the string itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return str(value.get("text", "")) + plain(value.get("content", []))
    if isinstance(value, list):
        return " ".join(filter(None, map(plain, value)))
    return ""


def is_document(value: Any) -> bool:
    """The shape Jira checks first: a doc of version 1 whose content is a list of typed nodes."""
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        return False
    return isinstance(value.get("content"), list) and all(_is_node(node) for node in value["content"])


def _is_node(node: Any) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and node["text"] != ""
    return all(_is_node(inner) for inner in node.get("content", []))
