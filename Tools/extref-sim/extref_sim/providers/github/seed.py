# SPDX-License-Identifier: Apache-2.0
"""The seeded GitHub: an organisation with three repositories, three people, tokens of every kind and
state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...credentials import STATES, Credential
from ...world import Status

if TYPE_CHECKING:
    from .module import GitHub

STATUSES = (
    Status("1", "open", "todo"),
    Status("2", "closed", "done"),
    Status("3", "not_planned", "canceled"),
    Status("4", "duplicate", "canceled"),
    Status("5", "merged", "done"),
)
"""The names that control requests use: `closed` is state_reason completed; `merged` is for pull requests."""
TYPES = {
    "Bug": {"id": 71, "description": "Something fails", "color": "red"},
    "Feature": {"id": 72, "description": "A new ability", "color": "blue"},
    "Task": {"id": 73, "description": "A piece of work", "color": "yellow"},
}
INSTALLATION_ID = 5001
_SCOPES = ("repo", "read:org", "user")
_PERMISSIONS = {"issues": "write", "metadata": "read", "pull_requests": "read"}
_LABELS = {
    "bug": ("d73a4a", "Something isn't working"),
    "enhancement": ("a2eeef", "New feature or request"),
    "in progress": ("fbca04", None),
}


def seed(github: "GitHub") -> None:
    world = github.world
    world.add_user("1001", "alice", "Alice Example", "alice@example.net")
    world.add_user("1002", "bob", "Bob Example", "bob@example.net")
    world.add_user("1003", "carol", "Carol Example", "carol@example.net")
    world.add_user("2001", "acme", "Acme", "dev@acme.example", type="Organization")
    for id, name, more in (
        ("9001", "app", {"private": True}),
        ("9002", "web", {}),
        ("9003", "docs", {"has_issues": False}),
    ):
        repo = world.add_project(id, f"acme/{name}", f"The {name} of Acme", **more)
        repo.extra["labels"] = {
            text: {"id": 800_000 + 10 * int(id) % 1000 + place, "color": color, "description": about}
            for place, (text, (color, about)) in enumerate(_LABELS.items())
        }
    _add_issues(github)
    _add_tokens(github)


def _add_issues(github: "GitHub") -> None:
    make = github.make_issue
    make(
        "acme/app", "Checkout fails", assignees=["alice"], labels=["bug"], type="Bug", description="It fails."
    )
    make("acme/app", "Add dark mode", labels=["enhancement"], type="Feature", priority="High")
    make("acme/app", "Old idea", status="not_planned")
    make("acme/app", "Fix checkout", status="merged", reporter="bob", extra={"pull_request": {}})
    make("acme/web", "Page is slow", assignees=["bob", "carol"])
    make("acme/web", "Draft of a fix", extra={"pull_request": {"draft": True}})


def _add_tokens(github: "GitHub") -> None:
    tokens = github.credentials
    tokens.add_four_states("classic", "github", scopes=_SCOPES, poor_scopes=("gist",))
    for state in STATES:
        permissions = {"metadata": "read"} if state == "wrong_scope" else {**_PERMISSIONS}
        for kind, word, user in (
            ("fine_grained", "fine-grained", "alice"),
            ("installation", "installation", "acme"),
        ):
            tokens.add(
                Credential(
                    f"github-{word}-{state.replace('_', '-')}-token",
                    kind,
                    user,
                    state,
                    extra={"permissions": permissions},
                )
            )
    tokens.add(
        Credential(
            "github-reader-good-token",
            "classic",
            "carol",
            scopes=frozenset(_SCOPES),
            extra={"at_most": ("read", "comment")},
        )
    )
