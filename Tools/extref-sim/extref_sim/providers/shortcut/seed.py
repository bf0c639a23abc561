# SPDX-License-Identifier: Apache-2.0
"""The seeded workspace: two projects, each with a team and a workflow of its own, three members, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...world import Status

if TYPE_CHECKING:
    from .module import Shortcut

WORKSPACE = {"id": "5c000000-0000-4000-8000-000000000001", "name": "Acme", "slug": "acme"}
WORKFLOWS = {500000001: "Engineering", 500000002: "Operations"}


def _state(id: int, name: str, category: str, kind: str, workflow: int, verb: str | None) -> Status:
    return Status(str(id), name, category, {"type": kind, "workflow": workflow, "verb": verb})


STATES = (
    _state(500000011, "Ready for Dev", "todo", "unstarted", 500000001, None),
    _state(500000012, "Backlog", "todo", "backlog", 500000001, None),
    _state(500000013, "In Development", "in_progress", "started", 500000001, "start"),
    _state(500000014, "In Review", "in_progress", "started", 500000001, None),
    _state(500000015, "Completed", "done", "done", 500000001, "finish"),
    _state(500000016, "Won't Do", "canceled", "done", 500000001, None),
    _state(500000021, "Reported", "todo", "unstarted", 500000002, None),
    _state(500000022, "Fixing", "in_progress", "started", 500000002, "start"),
    _state(500000023, "Fixed", "done", "done", 500000002, "finish"),
)
"""A workflow's first state is its default. Shortcut has no word for canceled: such a state is done too."""


def first_state(workflow: int) -> Status:
    return next(row for row in STATES if row.extra["workflow"] == workflow)


def seed(shortcut: "Shortcut") -> None:
    world = shortcut.world
    people = (("alice", "Alice Example"), ("bob", "Bob Builder"), ("olga", "Olga Observer"))
    for number, (login, name) in enumerate(people, 1):
        world.add_user(f"5d000000-0000-4000-8000-{number:012d}", login, name, f"{login}@example.net")
    world.users["olga"].extra["role"] = "observer"
    for id, key, name, workflow in (
        ("101", "WEB", "Web shop", 500000001),
        ("102", "OPS", "Operations", 500000002),
        ("103", "HID", "Hidden", 500000001),
    ):
        world.add_project(id, key, name, workflow=workflow, group=f"5e000000-0000-4000-8000-{int(id):012d}")
    world.projects["HID"].visible = False
    shortcut.credentials.add_four_states("token", "shortcut", "alice", ("write",), ())
    shortcut.make_issue("WEB", "Checkout fails", type="bug", assignees=["alice"], labels=["payments"])
    shortcut.make_issue("WEB", "Search is slow", status="In Development", description="Takes 9 s.")
    shortcut.make_issue("WEB", "Old idea", status="Won't Do")
    shortcut.make_issue("OPS", "Disk is full", type="chore", status="Fixed", assignees=["bob", "alice"])
