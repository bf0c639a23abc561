# SPDX-License-Identifier: Apache-2.0
"""The YouTrack module: permanent tokens, refusals, the world. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...contract import Problem
from ...credentials import STATES, Credential, split_authorization
from ...provider import Provider
from ...registry import register
from ...routing import Route
from ...world import Issue, Project, Status, User
from .projection import FieldsFault, Tree, parse_fields, project
from .routes import routes

STATUSES = (
    Status("1", "Submitted", "todo"),
    Status("2", "Open", "todo"),
    Status("3", "In Progress", "in_progress"),
    Status("4", "To be discussed", "todo"),
    Status("5", "Fixed", "done"),
    Status("6", "Verified", "done"),
    Status("7", "Won't fix", "canceled"),
    Status("8", "Duplicate", "canceled"),
)


@register
class YouTrack(Provider):
    name = "youtrack"
    prefixes = ("/youtrack",)
    statuses = STATUSES
    default_type = "Bug"
    default_priority = "Normal"
    default_settings = {"version": "2026.2"}

    def seed(self) -> None:
        world = self.world
        for id, login, name in (("1-1", "alice", "Alice Example"), ("1-2", "bob", "Bob Example")):
            world.add_user(id, login, name, f"{login}@example.net")
        world.add_project("0-1", "SP", "Sample Project")
        renamed = {"State": "Zustand", "Priority": "Dringlichkeit"}
        world.add_project("0-2", "OPS", "Operations", names=renamed, required=("Type",))
        world.add_project("0-3", "HID", "Hidden").visible = False
        self._tags: dict[str, int] = {}
        self.make_issue("SP", "Checkout fails", assignees=["alice"], labels=["shop"], priority="Critical")
        self.make_issue("SP", "Search is slow", status="In Progress")
        self.make_issue("SP", "Old idea", status="Won't fix", type="Feature")
        self.make_issue("OPS", "Disk is full", status="Fixed", assignees=["bob"])
        for state in STATES:
            held = frozenset(() if state == "wrong_scope" else ("YouTrack",))
            word = state.replace("_", "-")
            self.credentials.add(Credential(f"perm:youtrack-{word}-token", "permanent", "alice", state, held))

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        scheme, secret = split_authorization(call.headers)
        found = self.credentials.find(secret, "permanent") if scheme == "bearer" else None
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            answer = self.error(401, "You are not logged in." if not secret else "Invalid token")
            raise Refusal(answer.with_headers(WWW_Authenticate='Bearer realm="YouTrack"'))
        if "YouTrack" not in found.scopes:
            raise self.refuse(403, "The token has no scope for the YouTrack service")
        call.credential = found

    def error(self, status: int, message: str, **details: Any) -> Answer:
        names = {
            400: "Bad Request",
            401: "Unauthorized",
            403: "Forbidden",
            404: "Not Found",
            405: "Method Not Allowed",
        }
        error = details.pop("error", names.get(status, "Error"))
        return json_answer({"error": error, "error_description": message, **details}, status)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        kinds = {problem.kind for problem in problems}
        first = problems[0]
        if "unknown_path" in kinds:
            return self.error(404, f"HTTP 404 Not Found: {call.path}")
        if "method" in kinds:
            return self.error(405, f"HTTP 405 Method Not Allowed: {call.method}")
        if "content_type" in kinds:
            return self.error(415, "HTTP 415 Unsupported Media Type", error="Unsupported Media Type")
        return self.error(400, f"{first.name}: {first.message}".strip(": "))

    # -- Answers -------------------------------------------------------------------------------------

    def entity(self, call: Call, value: Any, status: int = 200) -> Answer:
        """An entity or list of them, as `fields` asks."""
        return json_answer(project(value, self.asked(call)), status)

    def asked(self, call: Call) -> Tree | None:
        try:
            return parse_fields(call.query.get("fields"))
        except FieldsFault as fault:
            raise self.refuse(400, f"Invalid fields parameter: {fault}") from None

    def page(self, call: Call, rows: list[Any]) -> list[Any]:
        """42 rows unless told otherwise; nothing tells whether there are more."""
        start, size = call.query.get("$skip", 0), call.query.get("$top", 42)
        return rows[max(0, start) :][: size if size >= 0 else None]

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("1-99", login, login, f"{login}@example.net")

    def tag_id(self, name: str) -> int:
        return self._tags.setdefault(name, len(self._tags) + 1)

    def found_issue(self, id: str) -> Issue:
        """By entity id or by any readable id it ever had."""
        issue = self.world.seen(id)
        if issue is None:
            raise self.refuse(404, f"Entity with id {id} not found")
        return issue

    def found_project(self, id: str) -> Project:
        found = self.world.project(id)
        if found is None or not found.visible:
            raise self.refuse(404, f"Entity with id {id} not found")
        return found

    def new_issue_id(self, project: Project, number: int) -> str:
        return f"2-{self.world.next_number('issue', 7)}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/youtrack/issue/{issue.key}"
