# SPDX-License-Identifier: Apache-2.0
"""The seeded organisation: an Agile project with a space in its name, a Scrum project, one that few may
see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...credentials import STATES, Credential

if TYPE_CHECKING:
    from .module import AzureDevOps

ORGANIZATIONS = ("fabrikam", "DefaultCollection")
"""The second is how Azure DevOps Server names its first collection. Both show the same world."""
INSTANCE_ID, TENANT = "20cda608-32f0-4e6e-9b7c-8def7b38d15a", "7e1d0000-0000-4000-8000-000000000001"
_WRITE, _READ = ("vso.work_write", "vso.project", "vso.profile"), ("vso.work", "vso.project")


def seed(ado: "AzureDevOps") -> None:
    world = ado.world
    for place, (login, name) in enumerate((("alice", "Alice Example"), ("bob", "Bob Example"))):
        id = f"d291b0c4-a05c-4ea6-8df1-4b41d5f39ef{place}"
        world.add_user(id, login, name, f"{login}@example.net")
    for place, (name, process) in enumerate(
        (("Fabrikam Fiber", "Agile"), ("Web", "Scrum"), ("Secret", "Agile"))
    ):
        id = f"6ce954b1-ce1f-45d1-b94d-e6bf2464ba2{place}"
        world.add_project(id, name, name, process=process)
    world.projects["Secret"].visible = False
    make = ado.make_issue
    make("Fabrikam Fiber", "Checkout fails", type="Bug", assignees=["alice"], labels=["shop", "urgent"])
    make("Fabrikam Fiber", "Add dark mode", type="User Story", status="Active", priority="1")
    make("Fabrikam Fiber", "Old idea", type="User Story", status="Removed")
    make("Web", "Page is slow", type="Product Backlog Item", status="Committed", assignees=["bob"])
    make("Web", "Measure it", type="Task", status="To Do")
    make("Secret", "Nobody may know", type="Bug")
    tokens = ado.credentials
    tokens.add_four_states("pat", "ado", scopes=_WRITE, poor_scopes=("vso.packaging",))
    tokens.add(Credential("ado-read-good-token", "pat", "alice", scopes=frozenset(_READ)))
    for state in STATES:
        held = frozenset(("vso.packaging",) if state == "wrong_scope" else _WRITE)
        tokens.add(Credential(f"ado-oauth-{state.replace('_', '-')}-token", "oauth", "alice", state, held))
    ado.tokens.lifetime = 3599
