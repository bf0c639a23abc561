# SPDX-License-Identifier: Apache-2.0
"""What Microsoft's published documents say wrongly, as their own recorded examples show.

- `{"type": "object"}` without properties stands for any JSON value (field values are texts and numbers).
- `_links` is a map of names to `{href}`, not an object with `links` inside.
- A JSON patch is an array, and not an object at the same time.
- Batches of revisions hold work items, not texts; the recycle bin writes capital letters.
- The list of comments needs no ids: two operations share one path here.
- `array (int32)` in a query is one text with commas."""

from __future__ import annotations

from typing import Any

_ANY: dict[str, Any] = {}
_BIN_NAMES = ("name", "project", "deletedDate", "deletedBy")


def amend(document: dict[str, Any]) -> None:
    for part in document.values():
        part["definitions"] = {name: _loosened(node) for name, node in part["definitions"].items()}
        if "ReferenceLinks" in part["definitions"]:
            part["definitions"]["ReferenceLinks"] = _ANY
    wit = document["wit"]["definitions"]
    wit["StreamedBatch"]["properties"]["values"] = {
        "type": "array",
        "items": {"$ref": "#/definitions/WorkItem"},
    }
    removed = wit["WorkItemDeleteReference"]["properties"]
    removed |= {name[0].upper() + name[1:]: _ANY for name in _BIN_NAMES} | {"id": _ANY}
    wit["JsonPatchDocument"] = {"type": "array", "items": {"$ref": "#/definitions/JsonPatchOperation"}}
    document["profile"]["definitions"]["Profile"]["properties"] |= {
        name: {"type": "string"} for name in ("displayName", "publicAlias", "emailAddress")
    }
    _amend_comments(document["wit"]["paths"])


def _amend_comments(paths: dict[str, Any]) -> None:
    listed = paths["/{organization}/{project}/_apis/wit/workItems/{workItemId}/comments"]["get"]
    for row in listed["parameters"]:
        if row.get("name") == "ids":
            row["required"] = False


def _loosened(node: Any) -> Any:
    """A copy in which a bare object allows everything."""
    if isinstance(node, list):
        return [_loosened(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "object" and not set(node) - {"type", "description", "format"}:
        return _ANY
    return {name: _loosened(item) for name, item in node.items()}
