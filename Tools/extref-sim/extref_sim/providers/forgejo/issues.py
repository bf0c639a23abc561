# SPDX-License-Identifier: Apache-2.0
"""Issues and comments. There is no call for many by number: clients list by time and ask one by one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...world import Comment, Issue, Project
from .render import comment_json, issue_json, state_of
from .repos import paged

if TYPE_CHECKING:
    from .module import Forgejo

_ORDERS: dict[str, tuple[str, bool]] = {
    "oldest": ("created", False),
    "recentupdate": ("updated", True),
    "leastupdate": ("updated", False),
}


def listed(forgejo: "Forgejo", call: Call) -> Answer:
    repo = forgejo.found_repo(call)
    rows = [row for row in forgejo.world.all_seen() if row.project == repo.key]
    ask = call.query
    rows = [row for row in rows if ask.get("assigned_by", "") in ("", *row.assignees)]
    rows = [row for row in rows if ask.get("created_by", "") in ("", row.reporter)]
    return _answered(forgejo, call, rows)


def search(forgejo: "Forgejo", call: Call) -> Answer:
    """Over all repositories the asker may see."""
    projects, ask = forgejo.world.projects, call.query
    rows = [
        row
        for row in forgejo.world.all_seen()
        if (call.credential or not projects[row.project].extra.get("private"))
        and ask.get("owner", "") in ("", row.project.partition("/")[0])
    ]
    me = call.credential.user if call.credential else ""
    rows = [row for row in rows if not ask.get("assigned") or me in row.assignees]
    rows = [row for row in rows if not ask.get("created") or me == row.reporter]
    return _answered(forgejo, call, rows)


def _answered(forgejo: "Forgejo", call: Call, rows: list[Issue]) -> Answer:
    ask = call.query
    state, kind = ask.get("state", "open"), ask.get("type")
    word, labels = ask.get("q", "").lower(), {name for name in ask.get("labels", "").split(",") if name}
    kept = []
    for row in rows:
        is_pull = "pull_request" in row.extra
        text = f"{row.title} {row.description or ''}".lower()
        fits = state in ("all", state_of(row)) and word in text and labels <= set(row.labels)
        if fits and kind in (None, "pulls" if is_pull else "issues") and _in_time(row, ask):
            kept.append(row)
    field, backward = _ORDERS.get(ask.get("sort", ""), ("created", True))
    kept.sort(key=lambda row: (getattr(row, field), int(row.id)), reverse=backward)
    return paged(forgejo, call, kept, lambda row: issue_json(forgejo, row, forgejo.web(call)))


def _in_time(row: Issue | Comment, ask: dict[str, Any]) -> bool:
    """`since` and `before` look at the last change, in whole seconds, inclusive."""
    moment = row.updated.replace(microsecond=0)
    limits = {
        name: datetime.fromisoformat(ask[name].replace("Z", "+00:00"))
        for name in ("since", "before")
        if name in ask
    }
    return limits.get("since", moment) <= moment <= limits.get("before", moment)


def found_issue(forgejo: "Forgejo", call: Call) -> tuple[Project, Issue]:
    repo = forgejo.found_repo(call)
    issue = forgejo.world.seen(f"{repo.key}#{call.params['index']}")
    if issue is None or issue.project != repo.key:
        raise forgejo.missing()
    return repo, issue


def show(forgejo: "Forgejo", call: Call) -> Answer:
    _, issue = found_issue(forgejo, call)
    return json_answer(issue_json(forgejo, issue, forgejo.web(call)))


def create(forgejo: "Forgejo", call: Call) -> Answer:
    """Readers may open issues; their labels and assignees are left out without a word."""
    repo = forgejo.found_repo(call)
    if repo.extra.get("archived"):
        raise forgejo.refuse(423, f"{repo.key} is archived")
    values = _values(forgejo, repo, call)
    if not values.get("title", "").strip():
        raise forgejo.refuse(422, "[Title]: Required")
    if not forgejo.writes(call):
        dropped = [name for name in ("labels", "assignees") if values.pop(name, None)]
        call.violations += [f"silently dropped without write access: {', '.join(dropped)}"] if dropped else []
    assert call.credential is not None
    values["status"] = "closed" if call.body.get("closed") else "open"
    issue = forgejo.make_issue(repo.key, values.pop("title"), reporter=call.credential.user, **values)
    return json_answer(issue_json(forgejo, issue, forgejo.web(call)), 201)


def edit(forgejo: "Forgejo", call: Call) -> Answer:
    """Answers 201, unlike most of the world."""
    repo, issue = found_issue(forgejo, call)
    if not forgejo.writes(call):
        raise forgejo.refuse(403, "user should be the owner or a collaborator with write access")
    values = _values(forgejo, repo, call)
    state = call.body.get("state")
    if state is not None:
        if state not in ("open", "closed"):
            raise forgejo.refuse(412, f"unknown state: {state}")
        values["status"] = state
    assert call.credential is not None
    forgejo.world.edit(issue, call.credential.user, **values)
    return json_answer(issue_json(forgejo, issue, forgejo.web(call)), 201)


def _values(forgejo: "Forgejo", repo: Project, call: Call) -> dict[str, Any]:
    """Attributes of our Issue. Labels are ids here, unlike on GitHub."""
    body = call.body
    values: dict[str, Any] = {}
    if body.get("title") is not None:
        values["title"] = body["title"]
    if body.get("body") is not None:
        values["description"] = body["body"]
    if "labels" in body:
        names = {row["id"]: name for name, row in repo.extra["labels"].items()}
        for id in body["labels"] or []:
            if id not in names:
                raise forgejo.refuse(422, f"label does not exist [label_id: {id}]")
        values["labels"] = [names[id] for id in body["labels"] or []]
    people = body.get("assignees") or ([body["assignee"]] if body.get("assignee") else None)
    if people is not None or body.get("assignees") == []:
        for login in people or []:
            if login not in forgejo.world.users:
                raise forgejo.refuse(422, f"Assignee does not exist: [name: {login}]")
        values["assignees"] = list(people or [])
    if body.get("milestone"):
        raise forgejo.refuse(422, f"milestone does not exist [id: {body['milestone']}]")
    return values


# -- Comments --------------------------------------------------------------------------------------------


def comments(forgejo: "Forgejo", call: Call) -> Answer:
    """All at once: this list has no pages."""
    _, issue = found_issue(forgejo, call)
    rows = [row for row in issue.comments if _in_time(row, call.query)]
    shown = [comment_json(forgejo, issue, row, forgejo.web(call)) for row in rows]
    return json_answer(shown, headers={"X-Total-Count": str(len(rows))})


def add_comment(forgejo: "Forgejo", call: Call) -> Answer:
    repo, issue = found_issue(forgejo, call)
    if repo.extra.get("archived"):
        raise forgejo.refuse(423, f"{repo.key} is archived")
    if not call.body["body"].strip():
        raise forgejo.refuse(422, "[Body]: Required")
    assert call.credential is not None
    made = forgejo.world.comment(issue, call.body["body"], call.credential.user)
    return json_answer(comment_json(forgejo, issue, made, forgejo.web(call)), 201)


def _found_comment(forgejo: "Forgejo", call: Call) -> tuple[Issue, Comment]:
    repo = forgejo.found_repo(call)
    for issue in forgejo.world.all_seen():
        for row in issue.comments if issue.project == repo.key else ():
            if row.id == call.params["comment_id"]:
                return issue, row
    raise forgejo.missing()


def comment(forgejo: "Forgejo", call: Call) -> Answer:
    issue, row = _found_comment(forgejo, call)
    return json_answer(comment_json(forgejo, issue, row, forgejo.web(call)))


def edit_comment(forgejo: "Forgejo", call: Call) -> Answer:
    issue, row = _found_comment(forgejo, call)
    row.body, row.updated = call.body["body"], forgejo.clock.now()
    return json_answer(comment_json(forgejo, issue, row, forgejo.web(call)))


def delete_comment(forgejo: "Forgejo", call: Call) -> Answer:
    issue, row = _found_comment(forgejo, call)
    issue.comments.remove(row)
    return empty_answer()
