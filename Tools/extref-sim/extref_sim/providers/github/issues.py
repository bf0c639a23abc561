# SPDX-License-Identifier: Apache-2.0
"""The issues endpoints: one, many, changes since, create, edit, comments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, empty_answer, json_answer
from ...call import Call
from ...world import Comment, Issue, Project
from . import auth
from .errors import error_answer, unprocessable
from .finding import found_issue, found_repo
from .issue_json import comment_json, is_pull, issue_json, state_of
from .issue_writing import checked_values, drop_without_push
from .pages import paged

if TYPE_CHECKING:
    from .module import GitHub


def listed(github: "GitHub", call: Call) -> Answer:
    """`GET …/issues`: pull requests are in it too; `since` compares whole seconds, inclusive."""
    repo = _with_issues(github, call)
    ask = call.query
    rows = [row for row in github.world.all_seen() if row.project == repo.key and row.moved_to is None]
    state = ask.get("state", "open")
    rows = [row for row in rows if state in ("all", state_of(row)) and _matches(row, ask)]
    if "since" in ask:
        since = datetime.fromisoformat(ask["since"].replace("Z", "+00:00"))
        rows = [row for row in rows if row.updated.replace(microsecond=0) >= since]
    field = {"updated": lambda row: row.updated, "comments": lambda row: len(row.comments)}.get(
        ask.get("sort", ""), lambda row: row.created
    )
    rows.sort(key=lambda row: (field(row), row.number), reverse=ask.get("direction", "desc") == "desc")
    return paged(github, call, rows, lambda row: issue_json(github, row, github.roots(call)))


def _matches(issue: Issue, ask: dict[str, Any]) -> bool:
    wanted = ask.get("assignee")
    if wanted == "none" and issue.assignees or wanted == "*" and not issue.assignees:
        return False
    if wanted not in (None, "none", "*") and wanted not in issue.assignees:
        return False
    kind = ask.get("type")
    if kind is not None and not (
        kind == "*" and issue.type or kind == "none" and not issue.type or kind == issue.type
    ):
        return False
    labels = [text.strip() for text in ask.get("labels", "").split(",") if text.strip()]
    if ask.get("milestone") not in (None, "none"):
        return False
    return set(labels) <= set(issue.labels) and ask.get("creator") in (None, issue.reporter)


def _with_issues(github: "GitHub", call: Call, right: str = "read") -> Project:
    repo = found_repo(github, call, right)
    if not repo.extra.get("has_issues", True) and call.method != "GET":
        raise Refusal(error_answer(410, "Issues has been disabled in this repository."))
    return repo


def show(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "read")
    issue = found_issue(github, call, repo)
    modified = issue.updated.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return json_answer(issue_json(github, issue, github.roots(call)), headers={"Last-Modified": modified})


def create(github: "GitHub", call: Call) -> Answer:
    """`POST …/issues`: readers may open issues too, but what needs push access is silently dropped."""
    repo = _with_issues(github, call)
    held = auth.demand(call, repo, "comment")
    values = checked_values(github, repo, call.body)
    if not values.get("title", "").strip():
        raise unprocessable("Issue", "title", "missing_field")
    if "write" not in held:
        drop_without_push(call, values)
    assert call.credential is not None
    issue = github.make_issue(repo.key, values.pop("title"), reporter=call.credential.user, **values)
    made = issue_json(github, issue, github.roots(call))
    return json_answer(made, 201, {"Location": made["url"]})


def edit(github: "GitHub", call: Call) -> Answer:
    repo = _with_issues(github, call, "write")
    issue = found_issue(github, call, repo)
    values = checked_values(github, repo, call.body)
    if "title" in values and not values["title"].strip():
        raise unprocessable("Issue", "title", "missing_field")
    state, reason = call.body.get("state"), call.body.get("state_reason")
    if state == "open" or reason == "reopened":
        values["status"] = "open"
    elif state == "closed":
        values["status"] = {None: "closed", "completed": "closed"}.get(reason, reason)
    assert call.credential is not None
    github.world.edit(issue, call.credential.user, **values)
    return json_answer(issue_json(github, issue, github.roots(call)))


# -- Comments --------------------------------------------------------------------------------------------


def comments(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "read")
    issue = found_issue(github, call, repo)
    rows = issue.comments
    if "since" in call.query:
        since = datetime.fromisoformat(call.query["since"].replace("Z", "+00:00"))
        rows = [row for row in rows if row.updated.replace(microsecond=0) >= since]
    return paged(github, call, rows, lambda row: comment_json(github, issue, row, github.roots(call)))


def add_comment(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "read")
    auth.demand(call, repo, "comment")
    issue = found_issue(github, call, repo)
    if not call.body["body"].strip():
        raise unprocessable("IssueComment", "body", "missing_field")
    if len(call.body["body"]) > 65536:
        raise unprocessable(
            "IssueComment", "data", "unprocessable", message="Body is too long (maximum is 65536)"
        )
    assert call.credential is not None
    made = comment_json(
        github,
        issue,
        github.world.comment(issue, call.body["body"], call.credential.user),
        github.roots(call),
    )
    return json_answer(made, 201, {"Location": made["url"]})


def _found_comment(github: "GitHub", call: Call, right: str) -> tuple[Issue, Comment]:
    repo = found_repo(github, call, right)
    for issue in github.world.all_seen():
        for row in issue.comments if issue.project == repo.key and not issue.moved_to else ():
            if row.id == call.params["comment_id"]:
                return issue, row
    raise github.refuse(404, "Not Found")


def comment(github: "GitHub", call: Call) -> Answer:
    issue, row = _found_comment(github, call, "read")
    return json_answer(comment_json(github, issue, row, github.roots(call)))


def edit_comment(github: "GitHub", call: Call) -> Answer:
    """The way to change our back-link without notifying everybody again."""
    issue, row = _found_comment(github, call, "write")
    row.body, row.updated = call.body["body"], github.clock.now()
    return json_answer(comment_json(github, issue, row, github.roots(call)))


def delete_comment(github: "GitHub", call: Call) -> Answer:
    issue, row = _found_comment(github, call, "write")
    issue.comments.remove(row)
    return empty_answer()


def numbered(github: "GitHub", repo: Project, number: int) -> Issue | None:
    """The visible issue or pull request of that number; GraphQL's way to ask."""
    issue = github.world.seen(f"{repo.key}#{number}")
    while issue is not None and issue.moved_to:
        issue = github.world.seen(issue.moved_to)
    return issue


def kind_of(issue: Issue) -> str:
    return "PullRequest" if is_pull(issue) else "Issue"
