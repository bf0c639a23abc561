# SPDX-License-Identifier: Apache-2.0
"""Projects, and what forms are made of: labels, members, milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import User
from . import auth
from .pages import paged
from .render import BORN, label_json, project_json, user_json

if TYPE_CHECKING:
    from .module import GitLab


def listed(gitlab: "GitLab", call: Call) -> Answer:
    """`membership=true` leaves out what is only public; nobody logged in sees the public ones."""
    rows = [row for row in gitlab.world.projects.values() if auth.may_see(call, row)]
    word = call.query.get("search", "").lower()
    rows = [row for row in rows if word in row.key.lower() or word in row.name.lower()]
    rows.sort(key=lambda row: int(row.id), reverse=call.query.get("sort", "desc") == "desc")
    return paged(call, rows, lambda row: project_json(row, gitlab.web(call)))


def show(gitlab: "GitLab", call: Call) -> Answer:
    return json_answer(project_json(auth.found_project(gitlab, call), gitlab.web(call)))


def labels(gitlab: "GitLab", call: Call) -> Answer:
    project = auth.found_project(gitlab, call)
    word = call.query.get("search", "").lower()
    names = sorted(name for name in project.extra.get("labels", {}) if word in name.lower())
    return paged(call, names, lambda name: label_json(project, name))


def _people(gitlab: "GitLab", call: Call) -> list[User]:
    word = (call.query.get("query") or call.query.get("search") or "").lower()
    rows = [row for row in gitlab.world.users.values() if not row.extra.get("bot")]
    return [row for row in rows if word in f"{row.login} {row.name}".lower()]


def members(gitlab: "GitLab", call: Call) -> Answer:
    """Inherited members too; 40 is Maintainer, 30 Developer."""
    auth.found_project(gitlab, call)

    def render(user: User) -> dict[str, Any]:
        level = 40 if user.login == "alice" else 30
        more = {"access_level": level, "expires_at": None, "created_at": BORN, "membership_state": "active"}
        return user_json(user, gitlab.web(call)) | more

    return paged(call, _people(gitlab, call), render)


def users(gitlab: "GitLab", call: Call) -> Answer:
    auth.found_project(gitlab, call)
    return paged(call, _people(gitlab, call), lambda row: user_json(row, gitlab.web(call)))


def milestones(gitlab: "GitLab", call: Call) -> Answer:
    auth.found_project(gitlab, call)
    return paged(call, [], lambda row: row)
