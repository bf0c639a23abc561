# SPDX-License-Identifier: Apache-2.0
"""`POST /batch`: up to ten requests in one, each with a status of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ...answers import Answer, json_answer
from ...call import Call

if TYPE_CHECKING:
    from .module import Asana

ACTIONS_MAX = 10
_FORBIDDEN = ("/batch", "/webhooks", "/attachments", "/events")


async def batch(asana: "Asana", call: Call) -> Answer:
    actions = (call.body.get("data") or {}).get("actions")
    if not actions:
        raise asana.refuse(400, "actions: Missing input")
    if len(actions) > ACTIONS_MAX:
        raise asana.refuse(400, f"actions: Cannot have more than {ACTIONS_MAX} actions in one batch")
    for row in actions:
        path = row["relative_path"]
        if not path.startswith("/") or path.startswith(_FORBIDDEN):
            raise asana.refuse(400, f"relative_path: {path} cannot be part of a batch")
    results = [await _ran(asana, call, row) for row in actions]
    return json_answer({"data": results})


async def _ran(asana: "Asana", call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """The action as a request of its own: same rules, same refusals."""
    path, _, query = row["relative_path"].partition("?")
    options = dict(row.get("options") or {})
    more: dict[str, str] = {}
    if "fields" in options:
        more["opt_fields"] = ",".join(options.pop("fields"))
    more |= {name: str(value) for name, value in options.items()}
    query = "&".join(part for part in (query, urlencode(more)) if part)
    method = row["method"].upper()
    data = row.get("data")
    raw = b"" if method in ("GET", "DELETE") or data is None else json.dumps({"data": data}).encode()
    if method == "GET" and data:
        query = "&".join(part for part in (query, urlencode({k: str(v) for k, v in data.items()})) if part)
    inner = Call(method, f"/asana/api/1.0{path}", query, call.headers, raw, call.origin)
    answer = await asana.sim.handle(asana, inner)
    call.violations += [f"batch {row['relative_path']}: {text}" for text in inner.violations]
    return {"status_code": answer.status, "headers": {}, "body": answer.value}
