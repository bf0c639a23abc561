# SPDX-License-Identifier: Apache-2.0
"""The seeded GitLab: two projects of a group and one in a subgroup, three people, tokens in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...credentials import STATES, Credential
from ...world import Status

if TYPE_CHECKING:
    from .module import GitLab

STATUSES = (
    Status("1", "opened", "todo", {"name": "To do", "category": "TO_DO"}),
    Status("2", "closed", "done", {"name": "Done", "category": "DONE"}),
    Status("3", "Triage", "todo", {"name": "Triage", "category": "TRIAGE"}),
    Status("4", "In progress", "in_progress", {"name": "In progress", "category": "IN_PROGRESS"}),
    Status("5", "Won't do", "canceled", {"name": "Won't do", "category": "CANCELED"}),
    Status("6", "Duplicate", "canceled", {"name": "Duplicate", "category": "CANCELED"}),
)
"""REST shows opened and closed only; the names of the others are seen in the status widget of a work item."""
LABELS = {"bug": "#dc143c", "priority::high": "#eee600", "customer": "#6699cc"}


def seed(gitlab: "GitLab") -> None:
    world = gitlab.world
    world.add_user("11", "alice", "Alice Example", "alice@example.net")
    world.add_user("12", "bob", "Bob Example", "bob@example.net")
    world.add_user("13", "carol", "Carol Example", "carol@example.net")
    world.add_user("91", "project_501_bot_sim", "sim bot", "bot@example.net", bot=True)
    for id, key, name, more in (
        ("501", "team/app", "App", {}),
        ("502", "team/web", "Web", {"public": True}),
        ("503", "team/sub/api", "API", {}),
    ):
        project = world.add_project(id, key, name, **more)
        project.extra["labels"] = {
            text: {"id": 10 * int(id) + place, "color": color}
            for place, (text, color) in enumerate(LABELS.items())
        }
    make = gitlab.make_issue
    make("team/app", "Checkout fails", assignees=["alice"], labels=["bug"], description="It fails.")
    make("team/app", "Add dark mode", labels=["customer", "priority::high"], status="In progress")
    make("team/app", "Old idea", status="Won't do")
    make("team/app", "Outage of the shop", type="incident", assignees=["bob"])
    make("team/web", "Page is slow", assignees=["bob", "carol"])
    make("team/sub/api", "Answer is wrong")
    _add_tokens(gitlab)


def _add_tokens(gitlab: "GitLab") -> None:
    tokens = gitlab.credentials
    tokens.add_four_states("pat", "gitlab", scopes=("api",), poor_scopes=("read_user",))
    tokens.add(Credential("gitlab-read-good-token", "pat", "alice", scopes=frozenset({"read_api"})))
    tokens.add(
        Credential(
            "gitlab-project-good-token",
            "pat",
            "project_501_bot_sim",
            scopes=frozenset({"api"}),
            extra={"project": "501"},
        )
    )
    for state in STATES:
        held = frozenset({"read_user" if state == "wrong_scope" else "api"})
        tokens.add(Credential(f"gitlab-oauth-{state.replace('_', '-')}-token", "oauth", "alice", state, held))
    gitlab.tokens.lifetime = 7200
    gitlab.tokens.allow_refresh("gitlab-refresh-good", "alice", frozenset({"api"}))
