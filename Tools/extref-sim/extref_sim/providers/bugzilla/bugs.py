# SPDX-License-Identifier: Apache-2.0
"""Reading bugs: one tells why it cannot be read, a list leaves it out."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue
from .errors import BAD_FIELD, MISSING_BUG, NO_ACCESS, refused
from .render import bug_json, comment_json

if TYPE_CHECKING:
    from .module import Bugzilla

_PLAIN = {"status": "status", "priority": "priority", "product": "project"}


def found_bug(bugzilla: "Bugzilla", call: Call, text: str) -> Issue:
    issue = bugzilla.named(text)
    if issue is None:
        name = (
            f"Bug #{text}" if text.isdigit() else f"'{text}' is not a valid bug number nor an alias to a bug."
        )
        raise refused(
            MISSING_BUG if text.isdigit() else 100, f"{name} does not exist." if text.isdigit() else name
        )
    if not bugzilla.may_see(call, issue):
        raise refused(NO_ACCESS, f"You are not authorized to access bug #{text}.")
    return issue


def show(bugzilla: "Bugzilla", call: Call) -> Answer:
    issue = found_bug(bugzilla, call, call.params["id"])
    return json_answer({"faults": [], "bugs": [bug_json(bugzilla, issue, call)]})


def search(bugzilla: "Bugzilla", call: Call) -> Answer:
    """Ids, fields and quicksearch in one. An empty question is refused: it would be everything."""
    ask = {name: value for name, value in call.query.items() if not name.lower().endswith("api_key")}
    conditions = set(ask) - {"limit", "offset", "order", "include_fields", "exclude_fields"}
    if not conditions:
        raise refused(BAD_FIELD, "You may not search, or create saved searches, without any search terms.")
    rows = [row for row in bugzilla.world.issues.values() if not row.deleted and bugzilla.may_see(call, row)]
    rows = [row for row in rows if _fits(bugzilla, row, ask)]
    _sort(rows, ask.get("order", ""))
    most = bugzilla.settings["max_search_results"]
    start, size = ask.get("offset", 0), min(ask.get("limit") or most, most)
    return json_answer({"bugs": [bug_json(bugzilla, row, call) for row in rows[start : start + size]]})


def _sort(rows: list[Issue], order: str) -> None:
    """By number unless told otherwise: `changeddate DESC`, `bug_id`."""
    rows.sort(key=lambda row: int(row.id))
    for part in reversed([text.strip() for text in order.split(",") if text.strip()]):
        name, _, direction = part.partition(" ")
        field = {"changeddate": "updated", "last_change_time": "updated", "opendate": "created"}.get(
            name.lower()
        )
        if field is not None:
            rows.sort(key=lambda row, field=field: getattr(row, field), reverse=direction.upper() == "DESC")


def _fits(bugzilla: "Bugzilla", issue: Issue, ask: dict[str, Any]) -> bool:
    people = {bugzilla.user(login).email for login in issue.assignees}
    values: dict[str, set[str]] = {
        "id": {issue.id},
        "alias": {issue.extra.get("alias") or ""},
        "component": {
            issue.extra.get("component") or bugzilla.world.projects[issue.project].extra["components"][0]
        },
        "resolution": {issue.resolution or "", "---" if not issue.resolution else ""},
        "assigned_to": people,
        "creator": {bugzilla.user(issue.reporter).email},
        "severity": {issue.extra.get("severity", "normal")},
        "keywords": set(issue.labels),
        **{name: {str(getattr(issue, attribute))} for name, attribute in _PLAIN.items()},
    }
    for name, mine in values.items():
        if name in ask and not mine & set(map(str, ask[name])):
            return False
    for name, moment in (("last_change_time", issue.updated), ("creation_time", issue.created)):
        if name in ask and moment.replace(microsecond=0) < _moment(name, ask[name]):
            return False
    url = ask.get("see_also")
    if url is not None and url not in [row["url"] for row in issue.links]:
        return False
    if "f1" in ask:
        if (ask["f1"], ask.get("o1")) != ("longdesc", "substring"):
            raise refused(BAD_FIELD, f"The simulator does not search by {ask['f1']} {ask.get('o1')}.")
        said = [issue.description or "", *(row.body for row in issue.comments)]
        if not any(ask.get("v1", "").lower() in text.lower() for text in said):
            return False
    words = str(ask.get("summary", "")).lower().split()
    return all(word in issue.title.lower() for word in words) and _quick(issue, ask.get("quicksearch"))


def _quick(issue: Issue, text: str | None) -> bool:
    """Words of the summary; ALL also closed ones, which are left out otherwise; #keyword, product:,
    status:."""
    if text is None:
        return True
    words = re.findall(r'"[^"]*"|\S+', text)
    if words and all(re.fullmatch(r"\d+(,\d+)*,?", word) for word in words):
        return issue.id in ",".join(words).split(",")
    if words and words[0].upper() == "ALL":
        words = words[1:]
    elif issue.status in ("RESOLVED", "VERIFIED"):
        return False
    low = f"{issue.title} {' '.join(issue.labels)}".lower()
    for word in words:
        name, colon, value = word.partition(":")
        if word.startswith('"'):  # quoted: signs have no meaning
            if word.strip('"').lower() not in low:
                return False
        elif colon and name in ("product", "status"):
            if value.lower() != str(issue.project if name == "product" else issue.status).lower():
                return False
        elif word.lower().lstrip("#") not in low:
            return False
    return True


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise refused(BAD_FIELD, f"'{text}' is not a legal date for {name}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def comments(bugzilla: "Bugzilla", call: Call) -> Answer:
    """The description is comment 0."""
    issue = found_bug(bugzilla, call, call.params["id"])
    rows = [comment_json(bugzilla, issue, row, place + 1) for place, row in enumerate(issue.comments)]
    first = {
        "id": 100_000 + int(issue.id),
        "bug_id": int(issue.id),
        "attachment_id": None,
        "count": 0,
        "text": issue.description or "",
        "raw_text": issue.description or "",
        "creator": bugzilla.user(issue.reporter).email,
        "time": f"{issue.created:%Y-%m-%dT%H:%M:%SZ}",
        "creation_time": f"{issue.created:%Y-%m-%dT%H:%M:%SZ}",
        "is_private": False,
        "tags": [],
    }
    rows = [first, *rows]
    if "new_since" in call.query:
        since = f"{_moment('new_since', call.query['new_since']):%Y-%m-%dT%H:%M:%SZ}"
        rows = [row for row in rows if str(row["creation_time"]) > since]
    return json_answer({"bugs": {issue.id: {"comments": rows}}, "comments": {}})
