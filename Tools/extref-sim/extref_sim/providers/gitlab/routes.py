# SPDX-License-Identifier: Apache-2.0
"""All addresses of the GitLab module. What the reduced contract lacks has tables here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...consent import TABLE as CONSENT
from ...contract.tables import BOOLEAN, INTEGER, STRING, STRINGS, RequestTable
from ...routing import NONE, OPTIONAL, REQUIRED, Route
from . import account, hooks, issues, notes, oauth, projects, search
from .auth import ANY

if TYPE_CHECKING:
    from .module import GitLab

_API = ("/gitlab/api/v4",)
_PAGES = {"page": INTEGER, "per_page": INTEGER}
_INTEGERS = {"type": "array", "items": INTEGER}
_STATES = {"type": "string", "enum": ["opened", "closed", "all"]}


def _body(required: tuple[str, ...] = (), **properties: Any) -> RequestTable:
    return RequestTable(
        body={
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        }
    )


_EDIT = _body(
    title=STRING,
    description=STRING,
    state_event={"type": "string", "enum": ["close", "reopen"]},
    labels=STRING,
    add_labels=STRING,
    remove_labels=STRING,
    assignee_ids=_INTEGERS,
    confidential=BOOLEAN,
    issue_type=STRING,
    milestone_id=INTEGER,
    due_date=STRING,
)
_HOOK = _body(
    url=STRING,
    token=STRING,
    signing_token={"type": "string", "pattern": "^whsec_"},
    issues_events=BOOLEAN,
    confidential_issues_events=BOOLEAN,
    note_events=BOOLEAN,
    push_events=BOOLEAN,
    enable_ssl_verification=BOOLEAN,
)
_LIST = RequestTable(query=_PAGES)
_PEOPLE = RequestTable(query={**_PAGES, "query": STRING, "user_ids": _INTEGERS, "search": STRING})
_FIND = {**_PAGES, "scope": STRING, "search": STRING, "state": _STATES, "in": STRING, "fields": STRINGS}
_SEARCH = RequestTable(query={**_FIND, "confidential": BOOLEAN}, required=("scope", "search"))
_PROJECTS = RequestTable(
    query={
        **_PAGES,
        "membership": BOOLEAN,
        "search": STRING,
        "simple": BOOLEAN,
        "order_by": STRING,
        "sort": STRING,
        "min_access_level": INTEGER,
        "archived": BOOLEAN,
        "with_issues_enabled": BOOLEAN,
    }
)
_NOTES = RequestTable(query={**_PAGES, "sort": STRING, "order_by": STRING, "activity_filter": STRING})
_NOTHING = RequestTable()


def _rows() -> list[tuple[Any, ...]]:
    one, issue = "/projects/{id}", "/projects/{id}/issues/{issue_iid}"
    hook, note = one + "/hooks/{hook_id}", issue + "/notes/{note_id}"
    user = ("api", "read_api", "read_user")
    return [
        ("GET", "/user", account.me, REQUIRED, None, user),
        ("GET", "/personal_access_tokens/self", account.token, REQUIRED, None, (ANY,)),
        ("GET", "/version", account.version, REQUIRED, _NOTHING, user),
        ("GET", "/metadata", account.metadata, REQUIRED, _NOTHING, user),
        ("GET", "/projects", projects.listed, OPTIONAL, _PROJECTS, ()),
        ("GET", one, projects.show, OPTIONAL, RequestTable(query={"license": BOOLEAN}), ()),
        ("GET", one + "/labels", projects.labels, OPTIONAL, RequestTable({**_PAGES, "search": STRING}), ()),
        ("GET", one + "/members/all", projects.members, REQUIRED, _PEOPLE, ()),
        ("GET", one + "/users", projects.users, REQUIRED, _PEOPLE, ()),
        ("GET", one + "/milestones", projects.milestones, OPTIONAL, _LIST, ()),
        ("GET", one + "/search", search.in_project, REQUIRED, _SEARCH, ()),
        ("GET", "/search", search.everywhere, REQUIRED, _SEARCH, ()),
        ("GET", "/issues", issues.everywhere, REQUIRED, None, ()),
        ("GET", "/issues/{global_id}", issues.by_global_id, REQUIRED, _NOTHING, ()),
        ("GET", one + "/issues", issues.listed, OPTIONAL, None, ()),
        ("POST", one + "/issues", issues.create, REQUIRED, None, ()),
        ("GET", issue, issues.show, OPTIONAL, None, ()),
        ("PUT", issue, issues.edit, REQUIRED, _EDIT, ()),
        ("GET", issue + "/notes", notes.listed, OPTIONAL, _NOTES, ()),
        ("POST", issue + "/notes", notes.create, REQUIRED, None, ()),
        ("GET", note, notes.show, OPTIONAL, _NOTHING, ()),
        ("PUT", note, notes.edit, REQUIRED, _body(("body",), body=STRING), ()),
        ("DELETE", note, notes.delete, REQUIRED, _NOTHING, ()),
        ("GET", one + "/hooks", hooks.listed, REQUIRED, _LIST, ()),
        ("POST", one + "/hooks", hooks.create, REQUIRED, None, ()),
        ("GET", hook, hooks.show, REQUIRED, _NOTHING, ()),
        ("PUT", hook, hooks.edit, REQUIRED, _HOOK, ()),
        ("DELETE", hook, hooks.delete, REQUIRED, _NOTHING, ()),
    ]


def routes(gitlab: "GitLab") -> Iterator[Route]:
    for method, path, handler, auth, table, scopes in _rows():
        options = {"table": table, "scopes": scopes}
        yield from gitlab.mounted(_API, method, path, _bound(gitlab, handler), auth, **options)
    graph = {"auth": OPTIONAL, "scopes": ("api", "read_api")}
    yield gitlab.route("POST", "/gitlab/api/graphql", gitlab.graphql_answer, **graph)
    for path, handler in (("token", oauth.token), ("revoke", oauth.revoke)):
        place = f"/gitlab/oauth/{path}"
        yield gitlab.route("POST", place, _bound(gitlab, handler), auth=NONE, secret_body=True)
    authorize = _bound(gitlab, oauth.authorize)
    yield gitlab.route("GET", "/gitlab/oauth/authorize", authorize, table=CONSENT, auth=NONE)
    info = _bound(gitlab, oauth.token_info)
    yield gitlab.route("GET", "/gitlab/oauth/token/info", info, scopes=(ANY,))


def _bound(gitlab: "GitLab", handler: Any) -> Any:
    return lambda call: handler(gitlab, call)
