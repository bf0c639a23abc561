# SPDX-License-Identifier: Apache-2.0
"""Repositories, and what forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Sequence

from ...answers import Answer, json_answer
from ...call import Call
from ...paging import link_header, numbered_page
from .render import issue_json, label_json, repo_json, user_json

if TYPE_CHECKING:
    from .module import Forgejo


def paged(forgejo: "Forgejo", call: Call, rows: Sequence[Any], render: Callable[[Any], Any]) -> Answer:
    """page and limit; beyond the server's maximum a limit is cut without a word."""
    most = forgejo.settings["max_response_items"]
    asked = call.query.get("limit") or forgejo.settings["default_paging_num"]
    if asked > most:
        call.violations.append(f"limit {asked} is silently cut to {most}")
    page = max(1, call.query.get("page", 1))
    part, pages = numbered_page(rows, page, min(asked, most))
    headers = link_header(call.origin + call.raw_path, call.query_items, page, pages)
    return json_answer([render(row) for row in part], headers=headers | {"X-Total-Count": str(len(rows))})


def me(forgejo: "Forgejo", call: Call) -> Answer:
    assert call.credential is not None
    return json_answer(user_json(forgejo.user(call.credential.user), forgejo.web(call)))


def _seen(forgejo: "Forgejo", call: Call) -> list[Any]:
    rows = forgejo.world.projects.values()
    return [row for row in rows if row.visible and (call.credential or not row.extra.get("private"))]


def search(forgejo: "Forgejo", call: Call) -> Answer:
    word = call.query.get("q", "").lower()
    rows = [row for row in _seen(forgejo, call) if word in row.key.lower()]
    shown = paged(
        forgejo, call, rows, lambda row: repo_json(forgejo, row, forgejo.web(call), forgejo.writes(call))
    )
    return json_answer({"ok": True, "data": shown.value}, headers=shown.headers)


def show(forgejo: "Forgejo", call: Call) -> Answer:
    repo = forgejo.found_repo(call)
    return json_answer(repo_json(forgejo, repo, forgejo.web(call), forgejo.writes(call)))


def labels(forgejo: "Forgejo", call: Call) -> Answer:
    repo = forgejo.found_repo(call)
    return paged(
        forgejo, call, list(repo.extra["labels"]), lambda name: label_json(repo, name, forgejo.web(call))
    )


def assignees(forgejo: "Forgejo", call: Call) -> Answer:
    forgejo.found_repo(call)
    return json_answer([user_json(row, forgejo.web(call)) for row in people(forgejo)])


def people(forgejo: "Forgejo") -> list[Any]:
    return [row for row in forgejo.world.users.values() if row.login != "acme"]


def issue_config(forgejo: "Forgejo", call: Call) -> Answer:
    forgejo.found_repo(call)
    return json_answer({"blank_issues_enabled": True, "contact_links": []})


def pull(forgejo: "Forgejo", call: Call) -> Answer:
    repo = forgejo.found_repo(call)
    issue = forgejo.world.seen(f"{repo.key}#{call.params['index']}")
    if issue is None or "pull_request" not in issue.extra:
        raise forgejo.missing()
    shown = issue_json(forgejo, issue, forgejo.web(call))
    same = (
        "id",
        "url",
        "number",
        "user",
        "title",
        "body",
        "labels",
        "milestone",
        "assignee",
        "assignees",
        "state",
    )
    more = (
        "is_locked",
        "comments",
        "html_url",
        "created_at",
        "updated_at",
        "closed_at",
        "due_date",
        "pin_order",
    )
    meta = shown["pull_request"]
    return json_answer(
        {name: shown[name] for name in same + more}
        | {
            "merged": meta["merged"],
            "merged_at": meta["merged_at"],
            "draft": meta["draft"],
            "mergeable": True,
        }
    )
