# SPDX-License-Identifier: Apache-2.0
"""Outgoing webhooks as the API makes them: one URL, everything of the workspace, a secret or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...webhooks import Subscription

if TYPE_CHECKING:
    from .module import Shortcut


def create(shortcut: "Shortcut", call: Call) -> Answer:
    url = call.body["webhook_url"]
    if not url.startswith(("http://", "https://")):
        message = "The request included invalid or missing parameters."
        raise shortcut.refuse(400, message, errors={"webhook_url": "is not a valid URL"})
    secret = call.body.get("secret") or ""
    extra = {"made_by_api": True}
    row = shortcut.sim.hooks.add(shortcut.name, url, secret, "shortcut" if secret else "none", extra=extra)
    return json_answer(_record(row), 201)


def _record(row: Subscription) -> dict[str, Any]:
    return {"id": row.id, "webhook_url": row.url}


def _rows(shortcut: "Shortcut") -> list[Subscription]:
    return [row for row in shortcut.sim.hooks.of(shortcut.name) if row.extra.get("made_by_api")]


def listed(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer([_record(row) for row in _rows(shortcut)])


def _found(shortcut: "Shortcut", call: Call) -> Subscription:
    asked = call.params["integration-public-id"]
    found = next((row for row in _rows(shortcut) if str(row.id) == asked), None)
    if found is None:
        raise shortcut.refuse(404, "Resource not found.")
    return found


def show(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer(_record(_found(shortcut, call)))


def delete(shortcut: "Shortcut", call: Call) -> Answer:
    shortcut.sim.hooks.remove(_found(shortcut, call).id)
    return empty_answer()
