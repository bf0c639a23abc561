# SPDX-License-Identifier: Apache-2.0
"""The connection test, and what forms are made of: products with components and versions, fields with
values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Project
from .errors import BAD_USER, refused
from .render import picked, user_json

if TYPE_CHECKING:
    from .module import Bugzilla


def version(bugzilla: "Bugzilla", call: Call) -> Answer:
    return json_answer({"version": bugzilla.settings["version"]})


def whoami(bugzilla: "Bugzilla", call: Call) -> Answer:
    assert call.credential is not None
    user = bugzilla.user(call.credential.user)
    return json_answer({"id": int(user.id), "real_name": user.name, "name": user.email})


def _seen(bugzilla: "Bugzilla") -> list[Project]:
    return [row for row in bugzilla.world.projects.values() if row.visible and not row.extra.get("group")]


def _product_json(project: Project) -> dict[str, Any]:
    components = [
        {
            "id": 10 * int(project.id) + place,
            "name": name,
            "description": "",
            "default_assigned_to": "alice@example.net",
            "is_active": True,
            "sort_key": 0,
        }
        for place, name in enumerate(project.extra["components"])
    ]
    versions = [
        {"id": 10 * int(project.id) + place, "name": name, "is_active": True, "sort_key": 0}
        for place, name in enumerate(project.extra["versions"])
    ]
    return {
        "id": int(project.id),
        "name": project.key,
        "description": project.name,
        "classification": "Unclassified",
        "is_active": True,
        "default_milestone": "---",
        "has_unconfirmed": True,
        "components": components,
        "versions": versions,
        "milestones": [{"id": int(project.id), "name": "---", "is_active": True, "sort_key": 0}],
    }


def enterable(bugzilla: "Bugzilla", call: Call) -> Answer:
    poor = call.credential is not None and call.credential.state == "wrong_scope"
    return json_answer({"ids": [] if poor else [int(row.id) for row in _seen(bugzilla)]})


def selectable(bugzilla: "Bugzilla", call: Call) -> Answer:
    """What a search may name; who sees a product here may also enter bugs in it."""
    return enterable(bugzilla, call)


def products(bugzilla: "Bugzilla", call: Call) -> Answer:
    ask = call.query
    rows = [
        row
        for row in _seen(bugzilla)
        if "type" in ask or row.key in ask.get("names", ()) or row.id in ask.get("ids", ())
    ]
    return json_answer({"products": [picked(_product_json(row), call) for row in rows]})


def product(bugzilla: "Bugzilla", call: Call) -> Answer:
    """A product that cannot be seen is an empty list."""
    rows = [row for row in _seen(bugzilla) if call.params["name"] in (row.key, row.id)]
    return json_answer({"products": [picked(_product_json(row), call) for row in rows]})


def _field_rows(bugzilla: "Bugzilla") -> list[dict[str, Any]]:
    from .module import PRIORITIES, RESOLUTIONS, SEVERITIES, STATUSES

    states = [
        {"name": row.name, "is_open": row.category != "done", "sort_key": int(row.id)} for row in STATUSES
    ]
    tables: list[tuple[str, str, list[dict[str, Any]]]] = [
        ("bug_status", "Status", states),
        ("resolution", "Resolution", [{"name": name} for name in RESOLUTIONS]),
        ("priority", "Priority", [{"name": name} for name in PRIORITIES]),
        ("bug_severity", "Severity", [{"name": name} for name in SEVERITIES]),
        ("rep_platform", "Hardware", [{"name": name} for name in ("All", "PC")]),
        ("op_sys", "OS", [{"name": name} for name in ("All", "Linux")]),
        ("short_desc", "Summary", []),
    ]
    return [
        {
            "id": place,
            "type": 2 if values else 1,
            "is_custom": False,
            "name": name,
            "display_name": shown,
            "is_mandatory": name == "short_desc",
            "is_on_bug_entry": False,
            "visibility_field": None,
            "values": [{"is_active": True, "visibility_values": [], **row} for row in values],
        }
        for place, (name, shown, values) in enumerate(tables, 1)
    ]


def fields(bugzilla: "Bugzilla", call: Call) -> Answer:
    names = call.query.get("names")
    rows = [row for row in _field_rows(bugzilla) if names is None or row["name"] in names]
    return json_answer({"fields": [picked(row, call) for row in rows]})


def field(bugzilla: "Bugzilla", call: Call) -> Answer:
    rows = [row for row in _field_rows(bugzilla) if row["name"] == call.params["name"]]
    if not rows:
        raise refused(51, f"There is no field named '{call.params['name']}'.")
    return json_answer({"fields": [picked(row, call) for row in rows]})


def users(bugzilla: "Bugzilla", call: Call) -> Answer:
    found = [bugzilla.user_by_mail(name) for name in call.query.get("names", ())]
    if None in found:
        raise refused(BAD_USER, "There is no user by that name.")
    for word in call.query.get("match", ()):
        rows = bugzilla.world.users.values()
        found += [row for row in rows if word.lower() in f"{row.email} {row.name}".lower()]
    rows = [user_json(row, True) | {"can_login": True} for row in found if row is not None]
    return json_answer({"users": [picked(row, call) for row in rows[: call.query.get("limit", 1000)]]})
