# SPDX-License-Identifier: Apache-2.0
"""JQL's words: quoting, escapes, reserved characters and words."""

from __future__ import annotations

import re

FIELDS = {
    "project": "project",
    "key": "key",
    "issuekey": "key",
    "issue": "key",
    "id": "id",
    "text": "text",
    "summary": "summary",
    "description": "description",
    "comment": "comment",
    "labels": "labels",
    "status": "status",
    "statuscategory": "statuscategory",
    "assignee": "assignee",
    "reporter": "reporter",
    "priority": "priority",
    "issuetype": "issuetype",
    "type": "issuetype",
    "updated": "updated",
    "updateddate": "updated",
    "created": "created",
    "createddate": "created",
    "resolution": "resolution",
}
TEXT_FIELDS = ("text", "summary", "description", "comment")
DATE_FIELDS = ("updated", "created")
RESERVED_WORDS = {
    "select",
    "from",
    "where",
    "update",
    "delete",
    "insert",
    "limit",
    "begin",
    "end",
    "alter",
    "char",
    "view",
    "commit",
    "create",
    "drop",
    "group",
    "having",
    "like",
    "on",
    "set",
    "table",
    "union",
    "empty",
    "null",
    "order",
    "by",
    "and",
    "or",
    "not",
    "in",
    "is",
    "was",
    "changed",
}
_RESERVED_CHARACTERS = "+.,;?|*/%^$#@[]{}:&`"
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op><=|>=|!=|!~|=|~|<|>)
                    |(?P<mark>[(),])|(?P<word>[-\w\u0080-\uffff]+(?:\[\d+\])?))""",
    re.VERBOSE,
)


class JqlError(Exception):
    """A query Jira would refuse; the text is its error message."""


def tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unreadable(text, place)
        kind = str(match.lastgroup)
        token = match.group(kind)
        found.append((kind, _unquoted(token) if kind == "string" else token))
        place = match.end()
        while place < len(text) and text[place].isspace():
            place += 1
    return found


def _unreadable(text: str, place: int) -> JqlError:
    rest = text[place:].lstrip()
    if rest[0] in "\"'":
        return JqlError(f"Error in the JQL Query: The quoted string '{rest[1:20]}' has not been completed.")
    if rest[0] in _RESERVED_CHARACTERS:
        return JqlError(
            f"Error in the JQL Query: The character '{rest[0]}' is a reserved JQL character. You must "
            f"enclose it in a string or use the escape '\\u{ord(rest[0]):04x}' instead."
        )
    return JqlError(
        f"Error in the JQL Query: Expecting either a value, list or function but got '{rest[0]}'."
    )


def _unquoted(token: str) -> str:
    known = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", " ": " "}

    def plain(match: re.Match[str]) -> str:
        if match.group(1) not in known:
            raise JqlError(
                f"Error in the JQL Query: '\\{match.group(1)}' is an illegal JQL escape sequence. The "
                "valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX."
            )
        return known[match.group(1)]

    return re.sub(
        r"\\(.)", plain, re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), token[1:-1])
    )
