# SPDX-License-Identifier: Apache-2.0
"""Shortcut's server: token header, error words, addresses. The parts do the rest."""

from __future__ import annotations

from typing import Any, Iterable

from ...answers import Answer, json_answer
from ...budget import Budget
from ...call import Call
from ...contract import Problem, RestContract
from ...contract.tables import BOOLEAN, STRING, RequestTable
from ...registry import register
from ...routing import Route
from ...tracker_wide import TrackerWide
from ...webhooks import Event
from ...world import Change, Issue, Project, User
from . import hooks, search, seed, stories
from .directory import group_json, me_json, member_json, project_json, workflow_json
from .render import stamp, story_url
from .seed import WORKFLOWS, first_state

_NOTHING = RequestTable()
_WEBHOOK = RequestTable(
    body={
        "type": "object",
        "properties": {"webhook_url": STRING, "secret": STRING},
        "required": ["webhook_url"],
        "additionalProperties": False,
    }
)


def _amend(document: dict[str, Any]) -> None:
    """One 400 has two meanings, a mismatch and too many results; the schema is that of the rarer one."""
    document["paths"]["/api/v3/search/stories"]["get"]["responses"]["400"].pop("schema", None)


@register
class Shortcut(TrackerWide):
    """The token has a header of its own. Tokens have no scopes: `wrong_scope` is that of an observer, who may
    read everything and write nothing."""

    name = "shortcut"
    prefixes = ("/shortcut",)
    rest = RestContract("shortcut-v3.json", closed_answers=(), amend=_amend)
    statuses = seed.STATES
    webhook_scheme = "shortcut"
    budget_limit, budget_seconds = 200, 60
    default_type = "feature"
    default_settings = {"finished_word": "done"}
    MISMATCH = "The request included invalid or missing parameters."

    def seed(self) -> None:
        seed.seed(self)

    # -- World ---------------------------------------------------------------------------------------

    def make_issue(self, project_key: str, title: str, **values: Any) -> Issue:
        """A new story begins in the default state of its project's workflow."""
        project = self.world.project(project_key)
        if project is not None and not values.get("status"):
            values["status"] = first_state(project.extra.setdefault("workflow", next(iter(WORKFLOWS)))).name
        if project is not None and "group" not in project.extra:
            project.extra["group"] = f"5e000000-0000-4000-8000-{int(project.id):012d}"
        return super().make_issue(project_key, title, **values)

    def issue_key(self, project: Project, number: int) -> str:
        return f"sc-{number}"

    def issue_url(self, issue: Issue, origin: str) -> str:
        return story_url(issue, origin)

    def control_move(self, issue: Issue, to: str) -> Issue:
        """Project and team change; the id and the state's name stay when the workflow is the same."""
        project = self.world.project(to)
        if project is not None:
            for name in ("project_id", "group_id"):
                issue.extra.pop(name, None)
            issue.extra["moved_at"] = stamp(self.clock.now())
            if project.extra["workflow"] != self.world.status(issue).extra["workflow"]:
                issue.status = first_state(project.extra["workflow"]).name
        return super().control_move(issue, to)

    def seen_projects(self) -> list[Project]:
        rows = [row for row in self.world.projects.values() if row.visible]
        for row in rows:  # those made by control requests have neither yet
            row.extra.setdefault("workflow", next(iter(WORKFLOWS)))
            row.extra.setdefault("group", f"5e000000-0000-4000-8000-{int(row.id):012d}")
        return rows

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        ghost = User("5d000000-0000-4000-8000-999999999999", login, login, f"{login}@example.net")
        return self.world.users.get(login) or ghost

    # -- Endpoints -----------------------------------------------------------------------------------

    def routes(self) -> Iterable[Route]:
        one, note = "/stories/{story-public-id}", "/comments/{comment-public-id}"
        hook = "/integrations/webhook"
        rows: list[tuple[str, str, Any, RequestTable | None]] = [
            ("GET", "/member", self._me, None),
            ("GET", "/members", self._members, RequestTable({"disabled": BOOLEAN, "org-public-id": STRING})),
            ("GET", "/members/{member-public-id}", self._member, None),
            ("GET", "/workflows", self._workflows, None),
            ("GET", "/projects", self._projects, None),
            ("GET", "/groups", self._groups, None),
            ("POST", "/stories", self._bound(stories.create), None),
            ("POST", "/stories/bulk", self._bound(stories.create_many), None),
            ("POST", "/stories/search", self._bound(stories.by_filters), None),
            ("GET", one, self._bound(stories.show), None),
            ("PUT", one, self._bound(stories.edit), None),
            ("DELETE", one, self._bound(stories.delete), _NOTHING),
            ("GET", one + "/comments", self._bound(stories.comments), _NOTHING),
            ("POST", one + "/comments", self._bound(stories.comment), None),
            ("DELETE", one + note, self._bound(stories.uncomment), _NOTHING),
            ("GET", "/search/stories", self._bound(search.answer), None),
            ("GET", "/external-link/stories", self._bound(stories.by_link), None),
            ("GET", hook, self._bound(hooks.listed), _NOTHING),
            ("POST", hook, self._bound(hooks.create), _WEBHOOK),
            ("GET", hook + "/{integration-public-id}", self._bound(hooks.show), _NOTHING),
            ("DELETE", hook + "/{integration-public-id}", self._bound(hooks.delete), _NOTHING),
        ]
        for method, path, handler, table in rows:
            secret = method == "POST" and path == hook
            yield from self.mounted(
                ["/shortcut"], method, f"/api/v3{path}", handler, table=table, secret_body=secret
            )

    def _bound(self, handler: Any) -> Any:
        return lambda call: handler(self, call)

    def _me(self, call: Call) -> Answer:
        assert call.credential is not None
        observer = call.credential.state == "wrong_scope"
        role = "observer" if observer else "admin"
        return json_answer(me_json(self.user("olga" if observer else call.credential.user), role))

    def _members(self, call: Call) -> Answer:
        return json_answer([member_json(self, row) for row in self.world.users.values()])

    def _member(self, call: Call) -> Answer:
        for row in self.world.users.values():
            if row.id == call.params["member-public-id"]:
                return json_answer(member_json(self, row))
        raise self.refuse(404, "Resource not found.")

    def _workflows(self, call: Call) -> Answer:
        return json_answer([workflow_json(self, id) for id in WORKFLOWS])

    def _projects(self, call: Call) -> Answer:
        return json_answer([project_json(self, row, call.origin) for row in self.seen_projects()])

    def _groups(self, call: Call) -> Answer:
        asked = call.query.get("archived")
        rows = [group_json(self, row, call.origin) for row in self.seen_projects()]
        return json_answer([row for row in rows if asked in (None, row["archived"])])

    # -- Around them ---------------------------------------------------------------------------------

    def authenticate(self, call: Call) -> None:
        found = self.credentials.find(call.headers.get("Shortcut-Token"), "token")
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self.refuse(401, "Unauthorized", tag="unauthorized")
        call.credential = found
        reads = call.method == "GET" or call.raw_path.endswith("/stories/search")
        if "write" not in found.scopes and found.state == "wrong_scope" and not reads:
            raise self.refuse(403, "Observers may not change anything.", tag="forbidden")

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return json_answer({"message": message, **details}, status)

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        """A schema mismatch names the parameters."""
        kinds = {problem.kind for problem in problems}
        if kinds & {"unknown_path", "method"}:
            return self.error(404, "Page not found.")
        if "malformed_body" in kinds:
            return self.error(400, "The request body is not valid JSON.")
        words = {"missing_parameter": "missing-required-key", "unknown_parameter": "disallowed-key"}
        errors = {row.name or "body": words.get(row.kind, row.message) for row in problems}
        return self.error(400, self.MISMATCH, errors=errors)

    def over_budget(self, call: Call, budget: Budget) -> Answer:
        """Shortcut documents the 429 and nothing that says how long to wait."""
        return self.rate_limited("rate_429", {})

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return hooks.events(self, issue, kind, change)
