# SPDX-License-Identifier: Apache-2.0
"""`GET /search/issues`: words and qualifiers, 1,000 results at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...world import Issue
from . import auth
from .errors import error_answer
from .finding import repo_named
from .issue_json import is_pull, issue_json, state_of
from .pages import cut, links

if TYPE_CHECKING:
    from .module import GitHub

RESULTS_MAX, QUERY_MAX = 1000, 256
_TERM = re.compile(r'(-?)(?:([a-z-]+):)?("[^"]*"|\S+)')
_UNSEEN = (
    "The listed users and repositories cannot be searched either because the resources do not exist or "
    "you do not have permission to view them."
)
Test = Callable[[Issue], bool]


def issues(github: "GitHub", call: Call) -> Answer:
    text = call.query["q"].strip()
    if not text:
        raise _refused("", "missing")
    if len(text) > QUERY_MAX:
        raise _refused("The search is longer than 256 characters.", "invalid")
    rows = matching(github, call, text)
    field = {
        "created": lambda row: row.created,
        "updated": lambda row: row.updated,
        "comments": lambda row: len(row.comments),
    }.get(call.query.get("sort", ""), lambda row: row.updated)
    rows.sort(key=lambda row: (field(row), row.number), reverse=call.query.get("order", "desc") == "desc")
    part, page, pages = cut(call, rows[:RESULTS_MAX])
    if (page - 1) * call.query.get("per_page", 30) >= RESULTS_MAX:
        raise Refusal(error_answer(422, "Only the first 1000 search results are available"))
    found = [_item(github, row, call) for row in part]
    return json_answer(
        {
            "total_count": len(rows),
            "incomplete_results": github.settings["search_incomplete"],
            "items": found,
            "search_type": call.query.get("search_type", "lexical"),
        },
        headers=links(github, call, page, pages),
    )


def matching(github: "GitHub", call: Call, text: str) -> list[Issue]:
    """All issues and pull requests the asker may see that fit the query."""
    tests: list[Test] = []
    repos: list[str] = []
    for minus, name, value in _TERM.findall(text):
        value = value.strip('"')
        if name in ("repo", "org", "user"):
            repos += _places(github, call, name, value)
            continue
        test = _qualifier(name, value) if name else _words(value)
        tests.append(test if not minus else lambda issue, test=test: not test(issue))
    names = {value for _, name, value in _TERM.findall(text) if name in ("is", "type")}
    needs_kind = call.credential is not None and call.credential.kind != "classic"
    if needs_kind and not names & {"issue", "pr", "pull-request"}:
        raise Refusal(error_answer(422, "Query must include 'is:issue' or 'is:pull-request'"))
    return [
        row
        for row in github.world.all_seen()
        if not row.moved_to
        and (not repos or row.project in repos)
        and "read" in auth.rights(call.credential, github.world.projects[row.project])
        and all(test(row) for test in tests)
    ]


def _places(github: "GitHub", call: Call, name: str, value: str) -> list[str]:
    if name == "repo":
        repo, _ = repo_named(github, value)
        repos = [repo] if repo is not None else []
    else:
        repos = [
            row for row in github.world.projects.values() if row.key.lower().startswith(value.lower() + "/")
        ]
    seen = [repo.key for repo in repos if "read" in auth.rights(call.credential, repo)]
    if not seen:
        raise _refused(_UNSEEN, "invalid")
    return seen


def _words(value: str) -> Test:
    low = value.lower()
    return lambda issue: low in f"{issue.title} {issue.description or ''}".lower()


def _qualifier(name: str, value: str) -> Test:
    low = value.lower()
    kinds: dict[str, Test] = {
        "issue": lambda issue: not is_pull(issue),
        "pr": is_pull,
        "pull-request": is_pull,
        "open": lambda issue: state_of(issue) == "open",
        "closed": lambda issue: state_of(issue) == "closed",
        "merged": lambda issue: issue.status == "merged",
    }
    if name in ("is", "state", "type") and low in kinds:
        return kinds[low]
    simple: dict[str, Test] = {
        "label": lambda issue: value in issue.labels,
        "assignee": lambda issue: low in issue.assignees,
        "author": lambda issue: issue.reporter == low,
        "type": lambda issue: issue.type.lower() == low,
        "reason": lambda issue: issue.status == low.replace(" ", "_"),
        "in": lambda issue: True,
        "no": lambda issue: not getattr(issue, low + "s", None),
    }
    if name in simple:
        return simple[name]
    if name in ("updated", "created", "closed"):
        return _dated(name, value)
    return lambda issue: f"{name}:{low}" in issue.title.lower()


def _dated(name: str, value: str) -> Test:
    """`updated:>=2026-01-02`: compares as text to the given precision."""
    found = re.fullmatch(r"(>=|<=|>|<)?([\dT:Z+-]+)", value)
    if found is None:
        raise _refused(f'"{value}" is not a recognized date/time format.', "invalid")
    sign, text = found[1] or "", found[2]

    def test(issue: Issue) -> bool:
        moment: Any = getattr(issue, name)
        mine = moment.strftime("%Y-%m-%dT%H:%M:%SZ")[: len(text)] if moment else ""
        return bool(mine) and {
            ">=": mine >= text,
            "<=": mine <= text,
            ">": mine > text,
            "<": mine < text,
        }.get(sign, mine == text)

    return test


def _item(github: "GitHub", issue: Issue, call: Call) -> dict[str, Any]:
    made = issue_json(github, issue, github.roots(call))
    for name in ("closed_by",):
        del made[name]
    return made | {"score": 1.0}


def _refused(message: str, code: str) -> Refusal:
    entry = {"resource": "Search", "field": "q", "code": code} | ({"message": message} if message else {})
    return Refusal(error_answer(422, "Validation Failed", errors=[entry]))
