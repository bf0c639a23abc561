# SPDX-License-Identifier: Apache-2.0
"""The connection test, projects, and the custom fields that forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer
from ...call import Call
from .entities import FIELDS, project_entity, project_field_entity, user_entity

if TYPE_CHECKING:
    from .module import YouTrack


def me(youtrack: "YouTrack", call: Call) -> Answer:
    assert call.credential is not None
    return youtrack.entity(call, user_entity(youtrack.user(call.credential.user)))


def config(youtrack: "YouTrack", call: Call) -> Answer:
    made = {"$type": "Config", "id": "config", "version": youtrack.settings["version"], "build": "84211"}
    return youtrack.entity(call, made)


def users(youtrack: "YouTrack", call: Call) -> Answer:
    word = call.query.get("query", "").lower()
    rows = [row for row in youtrack.world.users.values() if word in f"{row.login} {row.name}".lower()]
    return youtrack.entity(call, [user_entity(row) for row in youtrack.page(call, rows)])


def projects(youtrack: "YouTrack", call: Call) -> Answer:
    word = call.query.get("query", "").lower()
    rows = [row for row in youtrack.world.projects.values() if row.visible]
    rows = [row for row in rows if word in f"{row.key} {row.name}".lower()]
    return youtrack.entity(call, [project_entity(row) for row in youtrack.page(call, rows)])


def project_shown(youtrack: "YouTrack", call: Call) -> Answer:
    return youtrack.entity(call, project_entity(youtrack.found_project(call.params["id"])))


def project_fields(youtrack: "YouTrack", call: Call) -> Answer:
    project = youtrack.found_project(call.params["id"])
    rows = [project_field_entity(youtrack, project, field) for field in FIELDS]
    return youtrack.entity(call, youtrack.page(call, rows))


def tags(youtrack: "YouTrack", call: Call) -> Answer:
    names = sorted({name for issue in youtrack.world.all_seen() for name in issue.labels})
    rows = [{"$type": "Tag", "id": f"6-{youtrack.tag_id(name)}", "name": name} for name in names]
    return youtrack.entity(call, youtrack.page(call, rows))
