# SPDX-License-Identifier: Apache-2.0
"""The Shortcut module: one workspace, one workflow, 200 requests a minute. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, json_answer
from ...call import Call
from ...contract import Problem, RestContract
from ...credentials import STATES, Credential
from ...provider import Provider
from ...registry import register
from ...routing import Route
from ...webhooks import Event
from ...world import Change, Issue, Project, Status, User
from . import events
from .routes import routes

STATUSES = (
    Status("500000006", "Backlog", "todo", {"type": "backlog"}),
    Status("500000007", "Ready for Development", "todo", {"type": "unstarted"}),
    Status("500000008", "In Development", "in_progress", {"type": "started"}),
    Status("500000009", "Completed", "done", {"type": "done"}),
)


@register
class Shortcut(Provider):
    name = "shortcut"
    prefixes = ("/shortcut",)
    rest = RestContract("shortcut-v3.json", closed_answers=())
    statuses = STATUSES
    default_type = "feature"
    webhook_scheme = "shortcut"
    budget_limit, budget_seconds = 200, 60
    default_settings = {"done_word": "done", "search_results_max": 1000}
    """done_word: what finished states are called on the wire; the documentation says "finished"."""

    def seed(self) -> None:
        world = self.world
        self._labels: dict[str, int] = {}
        for place, (login, name) in enumerate((("alice", "Alice Example"), ("bob", "Bob Example")), 1):
            id = f"5f0e0000-0000-4000-8000-00000000001{place}"
            world.add_user(id, login, name, f"{login}@example.net")
        world.add_project("31", "Shop", "Shop")
        world.add_project("32", "Ops", "Operations")
        world.add_project("33", "none", "(no project)", none=True)
        make = self.make_issue
        make("Shop", "Checkout fails", type="bug", assignees=["alice"], labels=["regression"])
        make("Shop", "Search is slow", status="In Development", assignees=["alice", "bob"])
        make("Ops", "Disk is full", status="Completed", type="chore")
        make("none", "Old idea", extra={"archived": True})
        for state in STATES:
            word = state.replace("_", "-")
            self.credentials.add(Credential(f"shortcut-{word}-token", "token", "alice", state))

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        """Tokens have no scopes: `wrong_scope` is that of an observer, who reads everything and writes
        nothing."""
        found = self.credentials.find(call.headers.get("Shortcut-Token"), "token")
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self.refuse(401, "Unauthorized", tag="organization2_unauthorized")
        reads = call.method == "GET" or call.raw_path.endswith("/stories/search")
        if found.state == "wrong_scope" and not reads:
            raise self.refuse(403, "Observers may not change anything.", tag="user_forbidden")
        call.credential = found

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return json_answer({"message": message, **details}, status)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        kinds = {problem.kind for problem in problems}
        if kinds & {"unknown_path", "method"}:
            return self.error(404, "Page not Found")
        if "content_type" in kinds:
            return self.error(415, "Unsupported Media Type")
        if "malformed_body" in kinds:
            return self.error(400, "The request body is not valid JSON.")
        errors = {problem.name or _named(problem): problem.message for problem in problems}
        # The search keeps 400 for too many results.
        status = 422 if call.path.endswith("/search/stories") else 400
        return self.error(status, "The request included invalid or missing parameters.", errors=errors)

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events.events(self, issue, kind, change)

    # -- World ---------------------------------------------------------------------------------------

    def web(self, call: Call) -> str:
        return f"{call.origin}/shortcut"

    def type_of(self, row: Status) -> str:
        word = str(row.extra["type"])
        return self.settings["done_word"] if word == "done" else word

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        ghost = "00000000-0000-4000-8000-000000000000"
        return self.world.users.get(login) or User(ghost, login, login, f"{login}@example.net")

    def label_id(self, name: str) -> int:
        return self._labels.setdefault(name, 900 + len(self._labels))

    def found_story(self, text: str) -> Issue:
        issue = self.world.seen(text) if text.isdigit() else None
        if issue is None:
            raise self.refuse(404, "Resource not found.")
        return issue

    def issue_key(self, project: Project, number: int) -> str:
        """Numbers count through the whole workspace; people write sc-12."""
        self._next_id = str(self.world.next_number("story", 11))
        return self._next_id

    def new_issue_id(self, project: Project, number: int) -> str:
        return self._next_id

    def renamed_key(self, project: Project, issue: Issue) -> str:
        return issue.key

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/shortcut/acme/story/{issue.id}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Another project; the number stays."""
        from ...provider_control import ControlFault

        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        self.world.rekey(issue, project, issue.number, issue.key)
        return issue


def _named(problem: Problem) -> str:
    return problem.message.split("'")[1] if "'" in problem.message else "body"
