# SPDX-License-Identifier: Apache-2.0
"""The Forgejo module: addresses, tokens with scopes, refusals. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...contract import Problem, RestContract
from ...credentials import STATES, Credential, basic_pair, split_authorization
from ...provider import Provider
from ...registry import register
from ...routing import OPTIONAL, Route
from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project, Status, User
from . import events
from .routes import routes

_READ = ("read:issue", "read:repository", "read:user")
_WRITE = ("write:issue", "write:repository", "read:user")
_LABELS = {"bug": "d73a4a", "enhancement": "a2eeef"}
VERSION = "16.0.1+gitea-1.22.0"


@register
class Forgejo(Provider):
    name = "forgejo"
    prefixes = ("/forgejo",)
    rest = RestContract("forgejo-16.json", nulls_answered=True, closed_answers=("username",))
    statuses = (Status("1", "open", "todo"), Status("2", "closed", "done"), Status("3", "merged", "done"))
    default_type = ""
    webhook_scheme = "forgejo"
    default_settings = {"max_response_items": 50, "default_paging_num": 30, "version": VERSION}

    def seed(self) -> None:
        world = self.world
        for id, login, name in (
            ("1", "alice", "Alice Example"),
            ("2", "bob", "Bob Example"),
            ("3", "carol", "Carol Example"),
            ("9", "acme", "Acme"),
        ):
            world.add_user(id, login, name, f"{login}@example.net")
        rows: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("31", "app", {"private": True}),
            ("32", "web", {}),
            ("33", "old", {"archived": True}),
        )
        for id, name, more in rows:
            labels = {
                text: {"id": 10 * int(id) + place, "color": color}
                for place, (text, color) in enumerate(_LABELS.items())
            }
            world.add_project(id, f"acme/{name}", f"The {name} of Acme", labels=labels, **more)
        self.make_issue("acme/app", "Checkout fails", assignees=["alice"], labels=["bug"])
        self.make_issue("acme/app", "Add dark mode", labels=["enhancement"])
        self.make_issue("acme/app", "Old idea", status="closed")
        self.make_issue("acme/app", "Fix checkout", status="merged", extra={"pull_request": {}})
        self.make_issue("acme/web", "Page is slow", assignees=["bob", "carol"])
        self._add_tokens()

    def _add_tokens(self) -> None:
        for state in STATES:
            held = frozenset(("read:package",) if state == "wrong_scope" else _WRITE)
            word = state.replace("_", "-")
            self.credentials.add(Credential(f"forgejo-{word}-token", "token", "alice", state, held))
        self.credentials.add(Credential("forgejo-read-good-token", "token", "alice", scopes=frozenset(_READ)))
        self.credentials.add(
            Credential("forgejo-carol-good-token", "token", "carol", scopes=frozenset(_WRITE))
        )
        self.credentials.add(
            Credential("forgejo-good-password", "password", "alice", scopes=frozenset(_WRITE))
        )

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        """`Authorization: token …` (Bearer too), or Basic with a password or a token in its place."""
        scheme, secret = split_authorization(call.headers)
        pair = basic_pair(call.headers)
        found = self.credentials.find(secret, "token") if scheme in ("token", "bearer") else None
        if pair is not None:
            found = self.credentials.find(pair[1], "token", "password")
            found = found if found is not None and pair[0] in (found.user, pair[1]) else None
        if "Authorization" not in call.headers:
            if call.route.auth != OPTIONAL:
                raise self.refuse(401, "token is required")
            return
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self.refuse(401, "invalid username, password or token")
        call.credential = found
        self._check_scope(found, call.route.scopes)

    def _check_scope(self, found: Credential, wanted: tuple[str, ...]) -> None:
        held = set(found.scopes)
        held |= {scope.replace("write:", "read:") for scope in held}
        if wanted and not held & set(wanted):
            text = f"token does not have at least one of required scope(s): [{' '.join(wanted)}]"
            raise self.refuse(403, text)

    def error(self, status: int, message: str, **details: Any) -> Answer:
        body = {"message": message, "url": f"{self.sim.origin}/forgejo/api/swagger", **details}
        return json_answer(body, status, content_type="application/json;charset=utf-8")

    def missing(self, what: str = "The target couldn't be found.") -> Refusal:
        return Refusal(self.error(404, what, errors=[]))

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        kinds = {problem.kind for problem in problems}
        if "unknown_path" in kinds:
            return self.error(404, "404 page not found")
        if "method" in kinds:
            return self.error(405, "Method Not Allowed")
        first = problems[0]
        if "is a required property" in first.message:
            return self.error(422, f"[{first.message.split(chr(39))[1].capitalize()}]: Required")
        return self.error(422, f"{first.name}: {first.message}".strip(": "))

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        return {
            "Cache-Control": "max-age=0, private, must-revalidate, no-transform",
            "X-Frame-Options": "SAMEORIGIN",
        }

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events.events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return events.wants(self, row, issue, event)

    # -- World ---------------------------------------------------------------------------------------

    def web(self, call: Call) -> str:
        return f"{call.origin}/forgejo"

    @property
    def hook_web(self) -> str:
        return f"{self.sim.origin}/forgejo"

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        return self.world.users.get(login) or User("99", login, "Ghost", "ghost@example.net")

    def writes(self, call: Call) -> bool:
        """carol only reads what is not hers."""
        return call.credential is not None and call.credential.user != "carol"

    def found_repo(self, call: Call) -> Project:
        """Private ones look missing to those who may not see them; an old name redirects."""
        key = f"{call.params['owner']}/{call.params['repo']}".lower()
        rows = self.world.projects.values()
        repo = next((row for row in rows if row.key.lower() == key), None)
        old = None if repo else next((row for row in rows if key in _former(row)), None)
        found = repo or old
        if found is None or not found.visible or found.extra.get("private") and call.credential is None:
            raise self.missing()
        if old is not None:
            head = f"/repos/{call.params['owner']}/{call.params['repo']}"
            rest = call.raw_path.partition(head)[2]
            query = f"?{call.raw_query}" if call.raw_query else ""
            url = f"{self.web(call)}/api/v1/repos/{old.key}{rest}{query}"
            raise Refusal(Answer(307, b"", {"Location": url}))
        return found

    def added_project(self, project: Project) -> None:
        project.extra.setdefault("labels", {})

    def new_issue_id(self, project: Project, number: int) -> str:
        return str(self.world.next_number("issue", 501))

    def issue_key(self, project: Project, number: int) -> str:
        return f"{project.key}#{number}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        kind = "pulls" if "pull_request" in issue.extra else "issues"
        return f"{origin}/forgejo/{issue.project}/{kind}/{issue.number}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Forgejo has no transfer of issues. This is what people do by hand: a new one there, the old one
        closed."""
        made = self.move_as_new(issue, to)
        issue.moved_to = None
        self.world.edit(issue, status="closed")
        return made


def _former(repo: Project) -> list[str]:
    return [name.lower() for name in repo.extra.get("previous_keys", ())]
