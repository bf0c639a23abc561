# SPDX-License-Identifier: Apache-2.0
"""The Asana module: tokens with scopes, refusals, paging. The parts do the rest."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Sequence
from urllib.parse import urlencode

from ...answers import Answer, json_answer
from ...call import Call
from ...contract import Problem, RestContract
from ...credentials import STATES, Credential, split_authorization
from ...paging import make_cursor, read_cursor
from ...provider import Provider
from ...registry import register
from ...routing import Route
from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project, Status, User
from . import hooks
from .render import shown
from .routes import routes

STATUSES = (
    Status("1", "To do", "todo"),
    Status("2", "Doing", "in_progress"),
    Status("3", "Done", "done"),
)
_HELP = "For more information on API status codes and how to handle them, read the docs on errors."
_SCOPES = (
    "tasks:read",
    "tasks:write",
    "stories:read",
    "stories:write",
    "webhooks:read",
    "webhooks:write",
    "webhooks:delete",
    "projects:read",
    "workspaces:read",
    "workspaces.typeahead:read",
    "users:read",
    "attachments:write",
)
# Names that lists show beyond their compact schemas when opt_fields asks for them.
_ON_DEMAND = (
    "assignee",
    "completed",
    "completed_at",
    "created_at",
    "modified_at",
    "permalink_url",
    "memberships",
    "tags",
    "projects",
    "notes",
    "workspace",
    "email",
    "type",
    "source",
    "html_text",
    "target",
    "is_pinned",
)


@register
class Asana(Provider):
    name = "asana"
    prefixes = ("/asana",)
    rest = RestContract("asana-1.0.json", nulls_answered=True, closed_answers=_ON_DEMAND)
    statuses = STATUSES
    default_type = "default_task"
    webhook_scheme = "asana"
    budget_limit, budget_seconds = 1500, 60
    default_settings = {"paid": True}
    """paid: full search is only for paid workspaces; others get 402."""

    def seed(self) -> None:
        world = self.world
        self._tags: dict[str, str] = {}
        for place, (login, name) in enumerate((("alice", "Alice Example"), ("bob", "Bob Example")), 1):
            world.add_user(f"120000000000001{place}", login, name, f"{login}@example.net")
        world.add_project("1200000000000100", "Shop", "Shop")
        world.add_project("1200000000000200", "Operations", "Operations")
        world.add_project("1200000000000300", "Secret", "Secret").visible = False
        self.make_issue("Shop", "Checkout fails", assignees=["alice"], labels=["regression"])
        self.make_issue("Shop", "Search is slow", status="Doing")
        self.make_issue("Operations", "Disk is full", status="Done", assignees=["bob"])
        for state in STATES:
            held = frozenset(("users:read",) if state == "wrong_scope" else _SCOPES)
            word = state.replace("_", "-")
            for kind, middle in (("pat", ""), ("oauth", "oauth-")):
                secret = f"asana-{middle}{word}-token"
                self.credentials.add(Credential(secret, kind, "alice", state, held))

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        scheme, secret = split_authorization(call.headers)
        found = self.credentials.find(secret, "pat", "oauth") if scheme == "bearer" else None
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self.refuse(401, "Not Authorized")
        call.credential = found
        rows = getattr(call.route.judged, "security", None) or []
        needed = [scope for row in rows for scope in row.get("oauth2", ())]
        if needed and not set(needed) & found.scopes:
            text = f"Your request requires the following scopes: {', '.join(needed)}"
            raise self.refuse(403, text)

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return json_answer({"errors": [{"message": message, "help": _HELP, **details}]}, status)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        kinds = {problem.kind for problem in problems}
        first = problems[0]
        if kinds & {"unknown_path", "method"}:
            return self.error(404, f"No matching route for request: {call.method} {call.path}")
        if "malformed_body" in kinds:
            return self.error(400, "Could not parse request data, invalid JSON")
        if first.kind == "missing_body":
            return self.error(400, "Missing input")
        return self.error(400, f"{first.name or 'data'}: {first.message}")

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        text = "You have made too many requests recently. Please, be chill."
        return self.error(503 if dialect == "rate_503" else 429, text)

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return hooks.events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return hooks.wants(self, row, issue, event)

    # -- Answers -------------------------------------------------------------------------------------

    def record(self, call: Call, record: dict[str, Any], status: int = 200) -> Answer:
        return json_answer({"data": shown(call, record, whole=True)}, status)

    def page(self, call: Call, rows: Sequence[Any], render: Callable[[Any], dict[str, Any]]) -> Answer:
        """Pages exist only for those who give a limit."""
        limit, token = call.query.get("limit"), call.query.get("offset")
        start = 0
        if token is not None:
            state = read_cursor(token)
            if state is None or limit is None:
                text = "offset: Your pagination token is invalid or has expired."
                raise self.refuse(400, text)
            start = int(state["at"])
        size = limit or len(rows) or 1
        data = [shown(call, render(row), whole=False) for row in rows[start : start + size]]
        if limit is None:
            return json_answer({"data": data})
        following = None
        if start + size < len(rows):
            next_token = make_cursor(at=start + size)
            rest = [(name, text) for name, text in call.query_items if name != "offset"]
            path = (
                f"{call.raw_path.removeprefix('/asana/api/1.0')}?{urlencode([*rest, ('offset', next_token)])}"
            )
            following = {"offset": next_token, "path": path, "uri": f"{self.web(call)}/api/1.0{path}"}
        return json_answer({"data": data, "next_page": following})

    def web(self, call: Call) -> str:
        return f"{call.origin}/asana"

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("1200000000000099", login, login, f"{login}@example.net")

    def tag_gid(self, name: str) -> str:
        return self._tags.setdefault(name, f"120000000000{900 + len(self._tags):04d}")

    def found_task(self, gid: str) -> Issue:
        if not gid.isdigit():
            raise self.refuse(400, f"task: Not a recognized ID: {gid}")
        issue = self.world.find(gid)
        if issue is None or issue.deleted:
            raise self.refuse(404, f"task: Unknown object: {gid}")
        if not self.world.may_see(issue):
            raise self.refuse(403, "task: Forbidden")
        return issue

    def found_project(self, gid: str) -> Project:
        found = next((row for row in self.world.projects.values() if row.id == gid), None)
        if found is None:
            kind = "Unknown object" if gid.isdigit() else "Not a recognized ID"
            raise self.refuse(404 if gid.isdigit() else 400, f"project: {kind}: {gid}")
        if not found.visible:
            raise self.refuse(403, "project: Forbidden")
        return found

    def issue_key(self, project: Project, number: int) -> str:
        """A task has no other name than its gid."""
        self._next_gid = str(self.world.next_number("task", 1200000000001001))
        return self._next_gid

    def new_issue_id(self, project: Project, number: int) -> str:
        return self._next_gid

    def renamed_key(self, project: Project, issue: Issue) -> str:
        return issue.key

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/asana/0/{self.world.projects[issue.project].id}/{issue.id}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Another project; the gid stays."""
        from ...provider_control import ControlFault

        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        self.world.rekey(issue, project, issue.number, issue.key)
        return issue
