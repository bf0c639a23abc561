# SPDX-License-Identifier: Apache-2.0
"""All addresses of the Bugzilla module. There is no published contract: the tables here follow the
documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import BOOLEAN, INTEGER, STRING, STRINGS, RequestTable
from ...routing import NONE, OPTIONAL, REQUIRED, Route
from . import bugs, forms, writing

if TYPE_CHECKING:
    from .module import Bugzilla

_KEY = {"api_key": STRING, "Bugzilla_api_key": STRING}
_FIELDS = {**_KEY, "include_fields": STRINGS, "exclude_fields": STRINGS}
_SEARCH = {
    **_FIELDS,
    "id": STRINGS,
    "alias": STRINGS,
    "quicksearch": STRING,
    "summary": STRING,
    "product": STRINGS,
    "component": STRINGS,
    "status": STRINGS,
    "resolution": STRINGS,
    "assigned_to": STRINGS,
    "creator": STRINGS,
    "priority": STRINGS,
    "severity": STRINGS,
    "keywords": STRINGS,
    "see_also": STRING,
    "last_change_time": STRING,
    "creation_time": STRING,
    "limit": INTEGER,
    "offset": INTEGER,
    "order": STRING,
    # The custom search of buglist.cgi, one row of it.
    "f1": STRING,
    "o1": STRING,
    "v1": STRING,
}
_SET = {
    "type": "object",
    "properties": {"add": STRINGS, "remove": STRINGS, "set": STRINGS},
    "additionalProperties": False,
}
_WRITABLE = {
    "summary": STRING,
    "product": STRING,
    "component": STRING,
    "version": STRING,
    "status": STRING,
    "resolution": STRING,
    "assigned_to": STRING,
    "priority": STRING,
    "severity": STRING,
    "op_sys": STRING,
    "platform": STRING,
    "url": STRING,
    "whiteboard": STRING,
    "target_milestone": STRING,
}


def _body(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_ONE_OR_MANY = {"anyOf": [STRING, STRINGS]}
_CREATE = _body(
    _WRITABLE | {"description": STRING, "alias": _ONE_OR_MANY, "keywords": _ONE_OR_MANY, "cc": STRINGS},
    ("product", "component", "summary", "version"),
)
_COMMENT_IN = _body({"body": STRING, "is_private": BOOLEAN}, ("body",))
_UPDATE = _body(
    _WRITABLE | {"see_also": _SET, "keywords": _SET, "cc": _SET, "comment": _COMMENT_IN, "dupe_of": INTEGER}
)
_COMMENT = _body({"comment": STRING, "is_private": BOOLEAN, "is_markdown": BOOLEAN}, ("comment",))


def _table(query: dict[str, Any], body: dict[str, Any] | None = None) -> RequestTable:
    return RequestTable(query=query, body=body)


def routes(bugzilla: "Bugzilla") -> Iterator[Route]:
    rows: list[tuple[str, str, Any, str, RequestTable]] = [
        ("GET", "/version", forms.version, NONE, _table(_KEY)),
        ("GET", "/whoami", forms.whoami, REQUIRED, _table(_KEY)),
        ("GET", "/bug", bugs.search, OPTIONAL, _table(_SEARCH)),
        ("POST", "/bug", writing.create, REQUIRED, _table(_KEY, _CREATE)),
        ("GET", "/bug/{id}", bugs.show, OPTIONAL, _table(_FIELDS)),
        ("PUT", "/bug/{id}", writing.update, REQUIRED, _table(_KEY, _UPDATE)),
        ("GET", "/bug/{id}/comment", bugs.comments, OPTIONAL, _table({**_FIELDS, "new_since": STRING})),
        ("POST", "/bug/{id}/comment", writing.comment, REQUIRED, _table(_KEY, _COMMENT)),
        ("GET", "/product_enterable", forms.enterable, OPTIONAL, _table(_KEY)),
        ("GET", "/product_selectable", forms.selectable, OPTIONAL, _table(_KEY)),
        (
            "GET",
            "/product",
            forms.products,
            OPTIONAL,
            _table({**_FIELDS, "type": STRING, "names": STRINGS, "ids": STRINGS}),
        ),
        ("GET", "/product/{name}", forms.product, OPTIONAL, _table(_FIELDS)),
        ("GET", "/field/bug", forms.fields, OPTIONAL, _table({**_FIELDS, "names": STRINGS})),
        ("GET", "/field/bug/{name}", forms.field, OPTIONAL, _table(_FIELDS)),
        (
            "GET",
            "/user",
            forms.users,
            REQUIRED,
            _table({**_FIELDS, "names": STRINGS, "match": STRINGS, "limit": INTEGER}),
        ),
    ]
    for method, path, handler, auth, table in rows:
        yield from bugzilla.mounted(
            ("/bugzilla/rest",), method, path, _bound(bugzilla, handler), auth, table=table
        )


def _bound(bugzilla: "Bugzilla", handler: Any) -> Any:
    return lambda call: handler(bugzilla, call)
