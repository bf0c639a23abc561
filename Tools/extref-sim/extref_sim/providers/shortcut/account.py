# SPDX-License-Identifier: Apache-2.0
"""Who am I, and what forms are made of: members, workflow states, projects, teams, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, json_answer
from ...call import Call
from .directory import group_json, member_info, member_json, project_json, workflow_json
from .render import label_json

if TYPE_CHECKING:
    from .module import Shortcut


def me(shortcut: "Shortcut", call: Call) -> Answer:
    assert call.credential is not None
    row = member_info(shortcut.user(call.credential.user))
    return json_answer(row | ({"role": "observer"} if call.credential.state == "wrong_scope" else {}))


def members(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer([member_json(user) for user in shortcut.world.users.values()])


def member(shortcut: "Shortcut", call: Call) -> Answer:
    asked = call.params["member-public-id"]
    found = next((user for user in shortcut.world.users.values() if user.id == asked), None)
    if found is None:
        raise shortcut.refuse(404, "Resource not found.")
    return json_answer(member_json(found))


def workflows(shortcut: "Shortcut", call: Call) -> Answer:
    return json_answer([workflow_json(shortcut)])


def projects(shortcut: "Shortcut", call: Call) -> Answer:
    rows = [row for row in shortcut.world.projects.values() if row.visible and not row.extra.get("none")]
    return json_answer([project_json(row, shortcut.web(call)) for row in rows])


def groups(shortcut: "Shortcut", call: Call) -> Answer:
    ids = [user.id for user in shortcut.world.users.values()]
    return json_answer([] if call.query.get("archived") else [group_json(shortcut.web(call), ids)])


def labels(shortcut: "Shortcut", call: Call) -> Answer:
    names = sorted({name for issue in shortcut.world.all_seen() for name in issue.labels})
    return json_answer([label_json(shortcut, name, shortcut.web(call)) for name in names])
