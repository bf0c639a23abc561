# SPDX-License-Identifier: Apache-2.0
"""The issues endpoints: by iids, changes since, one, create, edit."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Sequence

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...world import Issue, Project
from . import auth
from .errors import message_answer, not_found, parameter_answer
from .issue_writing import created_values, edited_values, make_labels
from .pages import paged
from .render import issue_json, state_of

if TYPE_CHECKING:
    from .module import GitLab

_DATES = ("updated_after", "updated_before", "created_after", "created_before")


def listed(gitlab: "GitLab", call: Call) -> Answer:
    """`GET /projects/:id/issues`: no scope, so everybody's. Missing and confidential ones are simply
    absent."""
    project = auth.found_project(gitlab, call)
    rows = [row for row in seen(gitlab, call) if row.project == project.key]
    return _answered(gitlab, call, rows)


def everywhere(gitlab: "GitLab", call: Call) -> Answer:
    """`GET /issues` has the scope `created_by_me` unless told otherwise."""
    assert call.credential is not None
    scope, rows, me = call.query.get("scope", "created_by_me"), seen(gitlab, call), call.credential.user
    if scope == "created_by_me":
        rows = [row for row in rows if row.reporter == me]
    if scope == "assigned_to_me":
        rows = [row for row in rows if me in row.assignees]
    return _answered(gitlab, call, rows)


def seen(gitlab: "GitLab", call: Call) -> list[Issue]:
    """All that the asker may see; confidential ones need a login."""
    allowed = {row.key for row in gitlab.world.projects.values() if auth.may_see(call, row)}
    return [
        row
        for row in gitlab.world.all_seen()
        if row.project in allowed and (call.credential is not None or not row.extra.get("confidential"))
    ]


def _answered(gitlab: "GitLab", call: Call, rows: Sequence[Issue]) -> Answer:
    rows = [row for row in filtered(gitlab, rows, call.query) if _fits(gitlab, row, call.query)]
    names = {"updated_at": "updated", "title": "title"}
    field = names.get(call.query.get("order_by", ""), "created")
    backward = call.query.get("sort", "desc") == "desc"
    rows.sort(key=lambda row: (getattr(row, field), int(row.id)), reverse=backward)
    return paged(call, rows, lambda row: issue_json(gitlab, row, gitlab.web(call)))


def filtered(gitlab: "GitLab", rows: Sequence[Issue], ask: dict[str, Any]) -> list[Issue]:
    """By state, iids, words and dates: what the search endpoint can do too."""
    state, wanted = ask.get("state", "all"), ask.get("iids")
    made = [row for row in rows if state in ("all", state_of(gitlab, row))]
    made = [row for row in made if wanted is None or row.number in wanted]
    words = ask.get("search", "").lower().split()
    places = str(ask.get("in", "title,description")).split(",")
    texts = {row.id: " ".join(str(getattr(row, place, "") or "") for place in places).lower() for row in made}
    made = [row for row in made if all(word in texts[row.id] for word in words)]
    for name in _DATES:
        if name in ask:
            made = _dated(made, name, moment_of(name, ask[name]))
    return made


def _dated(rows: list[Issue], name: str, moment: datetime) -> list[Issue]:
    """Both ends belong to the interval."""
    field, _, side = name.partition("_")
    if side == "after":
        return [row for row in rows if getattr(row, field) >= moment]
    return [row for row in rows if getattr(row, field) <= moment]


def moment_of(name: str, text: str) -> datetime:
    """ISO 8601, with or without a time; a time without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Refusal(parameter_answer(f"{name} is invalid"), f"{name} is no ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _fits(gitlab: "GitLab", issue: Issue, ask: dict[str, Any]) -> bool:
    labels = [text for text in ask.get("labels", []) if text]
    if labels and not _labelled(issue, labels):
        return False
    ids = {int(gitlab.user(login).id) for login in issue.assignees}
    names = ask.get("assignee_username", [])
    return (
        ask.get("issue_type") in (None, issue.type)
        and ("assignee_id" not in ask or ask["assignee_id"] in ids)
        and ("author_id" not in ask or ask["author_id"] == int(gitlab.user(issue.reporter).id))
        and set(names) <= set(issue.assignees)
        and ask.get("confidential") in (None, bool(issue.extra.get("confidential")))
    )


def _labelled(issue: Issue, labels: list[str]) -> bool:
    if labels == ["None"]:
        return not issue.labels
    return bool(issue.labels) if labels == ["Any"] else set(labels) <= set(issue.labels)


def found_issue(gitlab: "GitLab", call: Call) -> tuple[Project, Issue]:
    project = auth.found_project(gitlab, call)
    issue = gitlab.world.seen(f"{project.key}#{call.params['issue_iid']}")
    if issue is None or issue.project != project.key:
        raise not_found()
    if issue.extra.get("confidential") and call.credential is None:
        raise not_found()
    return project, issue


def show(gitlab: "GitLab", call: Call) -> Answer:
    """A moved one stays here: closed, with moved_to_id."""
    _, issue = found_issue(gitlab, call)
    return json_answer(issue_json(gitlab, issue, gitlab.web(call)), content_type="application/json")


def by_global_id(gitlab: "GitLab", call: Call) -> Answer:
    """`GET /issues/:id` is for administrators; nobody here is one."""
    raise Refusal(message_answer(403, "403 Forbidden"))


def create(gitlab: "GitLab", call: Call) -> Answer:
    project = auth.found_project(gitlab, call)
    if not project.extra.get("issues_enabled", True):
        raise Refusal(message_answer(403, "403 Forbidden"))
    values = created_values(gitlab, call)
    make_labels(project, values)
    assert call.credential is not None
    issue = gitlab.make_issue(project.key, values.pop("title"), reporter=call.credential.user, **values)
    return json_answer(issue_json(gitlab, issue, gitlab.web(call)), 201, content_type="application/json")


def edit(gitlab: "GitLab", call: Call) -> Answer:
    project, issue = found_issue(gitlab, call)
    values = edited_values(gitlab, call, issue)
    make_labels(project, values)
    assert call.credential is not None
    gitlab.world.edit(issue, call.credential.user, **values)
    return json_answer(issue_json(gitlab, issue, gitlab.web(call)), content_type="application/json")
