# SPDX-License-Identifier: Apache-2.0
"""The Bugzilla module: products, keys, fields. Bugzilla tells missing from forbidden, unlike most."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer
from ...call import Call
from ...contract import Problem
from ...credentials import STATES, Credential, split_authorization
from ...provider import Provider
from ...registry import register
from ...routing import OPTIONAL, Route
from ...world import Issue, Project, Status, User
from .errors import BAD_KEY, LOGIN_NEEDED, MALFORMED, MISSING_PARAMETER, REVOKED_KEY, UNKNOWN_METHOD
from .errors import error_answer, refused
from .routes import routes

STATUSES = (
    Status("1", "UNCONFIRMED", "todo"),
    Status("2", "CONFIRMED", "todo"),
    Status("3", "IN_PROGRESS", "in_progress"),
    Status("4", "RESOLVED", "done"),
    Status("5", "VERIFIED", "done"),
)
RESOLUTIONS = ("", "FIXED", "INVALID", "WONTFIX", "DUPLICATE", "WORKSFORME")
PRIORITIES = ("Highest", "High", "Normal", "Low", "Lowest", "---")
SEVERITIES = ("blocker", "critical", "major", "normal", "minor", "trivial", "enhancement")
_ERROR_KEYS = ("api_key", "Bugzilla_api_key")


@register
class Bugzilla(Provider):
    name = "bugzilla"
    prefixes = ("/bugzilla",)
    statuses = STATUSES
    comma_arrays = True
    default_type = ""
    default_priority = "Normal"
    default_settings = {
        "version": "5.2",
        "header_key": True,
        "requirelogin": False,
        "max_search_results": 10_000,
        "see_also": "any",
    }
    """header_key: X-BUGZILLA-API-KEY is read (newer servers); see_also: "trackers" accepts only known
    trackers."""

    def seed(self) -> None:
        world = self.world
        for id, login, name in (("1", "alice", "Alice Example"), ("2", "bob", "Bob Example")):
            world.add_user(id, login, name, f"{login}@example.net")
        world.add_project("1", "Shop", "Shop", components=["Checkout", "Search"], versions=["1.0", "2.0"])
        world.add_project("2", "Server", "Server", components=["Core"], versions=["unspecified"])
        world.add_project("3", "Secret", "Secret", components=["Core"], versions=["1"], group="secret")
        make = self.make_issue
        make(
            "Shop", "Checkout fails", assignees=["alice"], labels=["regression"], extra={"alias": "checkout"}
        )
        make("Shop", "Search is slow", status="IN_PROGRESS", extra={"component": "Search"})
        make("Shop", "Old idea", status="RESOLVED", resolution="WONTFIX")
        make("Server", "Disk is full", status="RESOLVED", resolution="FIXED", assignees=["bob"])
        make("Secret", "Nobody may know")
        for state in STATES:
            word = state.replace("_", "-")
            self.credentials.add(Credential(f"bugzilla-{word}-key", "key", "alice", state))

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        """The key comes as a parameter (documented, ends in logs) or as a header (newer servers)."""
        sent = dict(call.query_items)
        header = call.headers.get("X-BUGZILLA-API-KEY") if self.settings["header_key"] else None
        scheme, rest = split_authorization(call.headers)
        bearer = rest if scheme == "bearer" and self.settings["header_key"] else None
        secret = header or bearer or next((sent[name] for name in _ERROR_KEYS if sent.get(name)), None)
        if secret is None:
            if call.route.auth != OPTIONAL or self.settings["requirelogin"]:
                raise refused(LOGIN_NEEDED, "You must log in before using this part of Bugzilla.")
            return
        found = self.credentials.find(secret, "key")
        if found is None:
            text = "The API key you specified is invalid. Please check that you typed it correctly."
            raise refused(BAD_KEY, text)
        state = found.state_at(self.clock.epoch())
        if state in ("expired", "revoked"):
            text = "The API key you specified has been revoked by the user that created it."
            raise refused(REVOKED_KEY, text)
        call.credential = found

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return error_answer(details.get("code", MALFORMED), message)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        first = problems[0]
        if first.kind in ("unknown_path", "method"):
            return error_answer(UNKNOWN_METHOD, "No REST API resource was found for '%s'." % call.path)
        if "is a required property" in first.message or first.kind == "missing_parameter":
            name = first.message.split("'")[1] if "'" in first.message else first.name
            return error_answer(
                MISSING_PARAMETER, f"The function requires a {name} argument, and that was not set."
            )
        return error_answer(MALFORMED, f"{first.name}: {first.message}".strip(": "))

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        """Bugzilla itself has no limit; a proxy in front of it may."""
        from ...answers import html_answer

        status = 503 if dialect == "rate_503" else 429
        return html_answer("<html><body><h1>Too Many Requests</h1></body></html>", status)

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("99", login, login, f"{login}@example.net")

    def user_by_mail(self, mail: str) -> User | None:
        rows = self.world.users.values()
        return next((row for row in rows if mail.lower() in (row.email.lower(), row.login)), None)

    def may_see(self, call: Call, issue: Issue) -> bool:
        """Groups: the secret product is for members only, of which there are none, as for a poor key."""
        project = self.world.projects[issue.project]
        poor = call.credential is not None and call.credential.state == "wrong_scope"
        return issue.visible and project.visible and not project.extra.get("group") and not poor

    def named(self, text: str) -> Issue | None:
        """By number or alias; deleted ones do not exist."""
        issue = self.world.find(text) if text.isdigit() else None
        if issue is None:
            rows = self.world.issues.values()
            issue = next((row for row in rows if row.extra.get("alias") == text), None)
        return None if issue is None or issue.deleted else issue

    def issue_key(self, project: Project, number: int) -> str:
        """Numbers count through the whole installation; the key is the id."""
        self._next_id = str(self.world.next_number("bug", 1))
        return self._next_id

    def new_issue_id(self, project: Project, number: int) -> str:
        return self._next_id

    def added_project(self, project: Project) -> None:
        project.extra.setdefault("components", ["Core"])
        project.extra.setdefault("versions", ["unspecified"])

    def renamed_key(self, project: Project, issue: Issue) -> str:
        return issue.key

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/bugzilla/show_bug.cgi?id={issue.id}"

    def control_edit(self, issue: Issue, values: dict[str, Any]) -> None:
        """Open bugs have no resolution; closed ones are FIXED unless told otherwise."""
        values = dict(values)
        if "status" in values and "resolution" not in values:
            ended = values["status"] in ("RESOLVED", "VERIFIED")
            values["resolution"] = (issue.resolution or "FIXED") if ended else None
        super().control_edit(issue, values)

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Another product; the number stays."""
        project = self.project_named(to)
        issue.extra = {
            name: value for name, value in issue.extra.items() if name not in ("component", "version")
        }
        self.world.rekey(issue, project, issue.number, issue.key)
        return issue

    def project_named(self, name: str) -> Project:
        from ...provider_control import ControlFault

        project = self.world.project(name)
        if project is None:
            raise ControlFault(f"no project {name!r}; there are {', '.join(self.world.projects)}")
        return project
