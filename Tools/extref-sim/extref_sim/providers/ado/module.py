# SPDX-License-Identifier: Apache-2.0
"""The Azure DevOps module: hosts, versions, limits, revisions. The parts do the rest."""

from __future__ import annotations

import copy
import re
from typing import Any, Iterable
from urllib.parse import quote

from ...answers import Answer, Refusal
from ...budget import Budget
from ...call import Call
from ...contract import Problem, RestContract
from ...provider import Provider
from ...provider_control import ControlFault
from ...registry import register
from ...routing import NONE, Route
from ...webhooks import Event, Subscription
from ...world import Change, Issue, Project, User
from . import auth, events, seed
from .amended import amend
from .catalogue import PROCESSES, STATUSES, ItemType
from .errors import contract_answer, error_answer, missing_project, missing_type
from .routes import routes

VERSION = (7, 1)
REVISIONS_MAX = 200_000


@register
class AzureDevOps(Provider):
    name = "ado"
    prefixes = ("/ado", "/ado-search", "/ado-profile", "/entra")
    rest = RestContract("azure-devops-7.1.json", nulls_answered=True, closed_answers=(), amend=amend)
    statuses = STATUSES
    comma_arrays = True
    extra_query = {
        "wit:/{organization}/{project}/_apis/wit/workItems/{workItemId}/comments": {
            "$top": {"type": "integer"},
            "continuationToken": {"type": "string"},
            "order": {"type": "string", "enum": ["asc", "desc"]},
        }
    }
    default_type = "Bug"
    default_priority = "2"
    webhook_scheme = "ado_basic"
    budget_limit, budget_seconds = 200, 300
    default_settings = {
        "bad_pat": "203",
        "deployment": "hosted",
        "search_feature": True,
        "duplicate_links": "refuse",
    }

    def seed(self) -> None:
        self.revisions: list[Issue] = []
        self.world.listeners.append(self._keep_revision)
        seed.seed(self)

    def open(self, contracts: Any) -> None:
        """Addresses are read in any case."""
        super().open(contracts)
        for route in self.router.routes:
            route.pattern = re.compile(route.pattern.pattern, re.IGNORECASE)

    def routes(self) -> Iterable[Route]:
        return routes(self)

    def authenticate(self, call: Call) -> None:
        auth.authenticate(self, call)

    def error(self, status: int, message: str, **details: Any) -> Answer:
        return error_answer(status, message, details.get("type_key", "VssServiceException"))

    def invalid(self, call: Call, problems: list[Problem]) -> Answer:
        return contract_answer(call, problems)

    def described(self, value: Any) -> Any:
        """The contract calls lists arrays; on the wire they stand in `{count, value}`."""
        wrapped = isinstance(value, dict) and set(value) == {"count", "value"}
        return [row for row in value["value"] if row is not None] if wrapped else value

    def events(self, issue: Issue, kind: str, change: Change) -> Iterable[Event]:
        return events.events(self, issue, kind, change)

    def wants(self, row: Subscription, issue: Issue, event: Event) -> bool:
        return events.wants(self, row, issue, event)

    # -- Requests and answers ------------------------------------------------------------------------

    def prechecked(self, call: Call) -> None:
        """The api-version must be one that this server has, with -preview where the contract says so."""
        text = call.query.get("api-version")
        if text is None or call.route.auth == NONE:
            return
        found = re.fullmatch(r"(\d+)\.(\d+)(-preview(\.\d+)?)?", str(text))
        if found is None:
            message = f'The api-version "{text}" is not valid.'
            raise Refusal(error_answer(400, message, "VssInvalidApiResourceVersionException", 3000), message)
        if (int(found[1]), int(found[2])) > VERSION:
            message = (
                f"The requested REST API version of {text} is out of range for this server. The latest REST "
                f"API version this server supports is {VERSION[0]}.{VERSION[1]}."
            )
            raise Refusal(error_answer(400, message, "VssVersionOutOfRangeException", 3000), message)
        if "preview" in call.route.scopes and not found[3]:
            message = (
                f'The requested version "{text}" of the resource is under preview. The -preview flag must be '
                f'supplied in the api-version for such requests. For example: "{text}-preview"'
            )
            raise Refusal(error_answer(400, message, "VssInvalidPreviewVersionException", 3000), message)

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        made = {
            "X-TFS-ProcessId": "86bb1b4f-0000-4000-8000-000000000001",
            "ActivityId": f"{self.random.getrandbits(32):08x}-0000-4000-8000-000000000000",
            "X-TFS-Session": "e9d1c5d0-0000-4000-8000-000000000002",
            "X-VSS-UserData": "",
            "X-FRAME-OPTIONS": "SAMEORIGIN",
        }
        near = self.budget.enforced and self.budget.remaining <= self.budget.limit // 5
        return made | (self._limit_headers() if near else {})

    def over_budget(self, call: Call, budget: Budget) -> Answer:
        answer = self.rate_limited("rate_429", {})
        answer.headers |= self._limit_headers() | {"Retry-After": str(budget.reset_seconds)}
        return answer

    def rate_limited(self, dialect: str, details: dict[str, Any]) -> Answer:
        text = (
            "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource "
        )
        text += (
            "'Concurrency' in namespace 'User'. For more information on why your request was blocked, see "
        )
        text += 'the topic "Rate limits" on the Microsoft Web site.'
        status = 503 if dialect == "rate_503" else 429
        return error_answer(status, text, "RequestBlockedException", 3000)

    def _limit_headers(self) -> dict[str, str]:
        """Near the limit requests are delayed before they are refused."""
        delay = 0.5 if self.budget.remaining else 5
        return {
            "X-RateLimit-Resource": "Concurrency/User",
            "X-RateLimit-Delay": str(delay),
            "X-RateLimit-Limit": str(self.budget.limit),
            "X-RateLimit-Remaining": str(self.budget.remaining),
            "X-RateLimit-Reset": str(self.budget.reset_epoch),
        }

    def base(self, call: Call) -> str:
        """`…/ado/{organization}`: where the URLs of an answer begin, also those of the other hosts."""
        name = call.params.get("organization", seed.ORGANIZATIONS[0])
        known = next((row for row in seed.ORGANIZATIONS if row.lower() == name.lower()), None)
        if known is None:
            text = (
                f"VS800075: The project with id 'vstfs:///Classification/TeamProject/{name}' does not exist."
            )
            raise Refusal(error_answer(404, text, "ProjectDoesNotExistException", 3000))
        return f"{call.origin}/ado/{known}"

    @property
    def hook_base(self) -> str:
        return f"{self.sim.origin}/ado/{seed.ORGANIZATIONS[0]}"

    # -- World ---------------------------------------------------------------------------------------

    def user(self, login: str) -> User:
        """A ghost stands for people whom a test only named."""
        ghost = User("00000000-0000-4000-8000-000000000000", login, login, f"{login}@example.net")
        return self.world.users.get(login) or ghost

    def project_of(self, call: Call) -> Project | None:
        """The project of the address by name or id; None when the address has none."""
        asked = call.params.get("project") or call.params.get("projectId")
        if asked is None:
            return None
        found = self.world.project(asked)
        if found is None or not found.visible:
            raise missing_project(asked)
        return found

    def types_of(self, project: Project) -> tuple[ItemType, ...]:
        return PROCESSES[project.extra.get("process", "Agile")]

    def type_named(self, project: Project, name: str) -> ItemType:
        found = next((row for row in self.types_of(project) if row.name.lower() == name.lower()), None)
        if found is None:
            raise missing_type(name, project.name)
        return found

    def issue_key(self, project: Project, number: int) -> str:
        """Numbers count through the whole organisation; the key is the id."""
        self._next_id = str(self.world.next_number("work item", 1))
        return self._next_id

    def new_issue_id(self, project: Project, number: int) -> str:
        return self._next_id

    def renamed_key(self, project: Project, issue: Issue) -> str:
        return issue.key

    def issue_url(self, issue: Issue, origin: str) -> str:
        return f"{origin}/ado/{seed.ORGANIZATIONS[0]}/{quote(issue.project)}/_workitems/edit/{issue.id}"

    def control_move(self, issue: Issue, to: str) -> Issue:
        """The id stays, System.TeamProject changes; type and state follow the other process where they
        must."""
        project = self.world.project(to)
        if project is None:
            raise ControlFault(f"no project {to!r}; there are {', '.join(self.world.projects)}")
        kinds = {row.name: row for row in self.types_of(project)}
        issue.type = issue.type if issue.type in kinds else "Bug"
        if issue.status not in kinds[issue.type].states:
            issue.status = kinds[issue.type].states[0]
        issue.extra |= {"area": project.key, "iteration": project.key}
        self.world.rekey(issue, project, issue.number, issue.key)
        return issue

    def _keep_revision(self, issue: Issue, kind: str, change: Change) -> None:
        """A copy of every revision: the report of revisions is Azure DevOps' list of changes."""
        issue.extra["watermark"] = self.world.next_number("watermark", 1)
        if any(name == "status" for name, _, _ in change.items):
            issue.extra["state_changed"] = change.at
        kept = copy.copy(issue)
        kept.extra, kept.assignees, kept.labels = dict(issue.extra), list(issue.assignees), list(issue.labels)
        kept.history = issue.history[-1:]
        self.revisions.append(kept)
        del self.revisions[:-REVISIONS_MAX]
