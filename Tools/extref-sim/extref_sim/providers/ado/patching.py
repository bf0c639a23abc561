# SPDX-License-Identifier: Apache-2.0
"""JSON patch documents and the rules that a work item type puts on fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...call import Call
from ...world import Issue, Project
from .catalogue import Field, ItemType, field_named
from .errors import missing_field, refused, rule_error

if TYPE_CHECKING:
    from .module import AzureDevOps

_PLAIN = {"System.Title": "title", "System.Description": "description"}
_IGNORED = ("System.Reason", "System.History")


def invalid_patch(text: str) -> Exception:
    return refused(400, text, "VssPropertyValidationException")


def split_patch(call: Call) -> tuple[dict[str, Any], list[tuple[str, str, Any]], list[tuple[str, Any]]]:
    """(fields to set, with None to empty one; operations on relations; tests)."""
    fields: dict[str, Any] = {}
    relations: list[tuple[str, str, Any]] = []
    tests: list[tuple[str, Any]] = []
    if not call.body:
        raise invalid_patch("You must pass a valid patch document in the body of the request.")
    for row in call.body:
        op, path, value = row.get("op"), row.get("path") or "", row.get("value")
        if op not in ("add", "replace", "remove", "test"):
            raise invalid_patch(f"VS403690: The operation {op} is not supported for work items.")
        if op == "test":
            tests.append((path, value))
        elif path.startswith("/fields/"):
            fields[path.removeprefix("/fields/")] = None if op == "remove" else value
        elif path.startswith("/relations/"):
            relations.append((op, path.removeprefix("/relations/"), value))
        elif path not in ("/id", "/rev"):
            raise invalid_patch(f'Unable to evaluate path "{path}"')
    return fields, relations, tests


def check_tests(issue: Issue | None, tests: list[tuple[str, Any]]) -> None:
    """`test /rev` guards against changes by others; nothing is changed when it fails."""
    for path, value in tests:
        if path != "/rev" or issue is None:
            raise invalid_patch(f'Unable to evaluate path "{path}"')
        if value != issue.rev:
            text = (
                "TF26071: This work item has been changed by someone else since you opened it. You will need "
                "to refresh it and discard your changes."
            )
            raise refused(412, text, "WorkItemRevisionMismatchException")


def field_rows(fields: dict[str, Any]) -> list[tuple[Field, Any]]:
    rows = []
    for name, value in fields.items():
        row = field_named(name)
        if row is None:
            raise missing_field(name)
        if not row.writable:
            raise rule_error(row.reference, row.name, "ReadOnly, InvalidNotEmpty")
        rows.append((row, value))
    return rows


def issue_values(
    ado: "AzureDevOps", project: Project, kind: ItemType, rows: list[tuple[Field, Any]], extra: dict[str, Any]
) -> dict[str, Any]:
    """Attributes of our Issue; what has none goes into `extra["fields"]`, areas into `extra` itself."""
    values: dict[str, Any] = {}
    for row, value in rows:
        name = row.reference
        empty = value is None or str(value).strip() == ""
        if empty and row.required:
            raise rule_error(name, row.name, "Required, InvalidEmpty", "required")
        if not empty and row.allowed and value not in row.allowed and str(value) not in map(str, row.allowed):
            raise rule_error(name, row.name, "HasValues, LimitedToValues, AllowsOldValue, InvalidNotOldValue")
        if name in _PLAIN:
            values[_PLAIN[name]] = value
        elif name == "System.State":
            values["status"] = _state(kind, str(value), row)
        elif name == "System.AssignedTo":
            values["assignees"] = [] if empty else [_login(ado, value)]
        elif name == "System.Tags":
            values["labels"] = _tags(str(value or ""))
        elif name == "Microsoft.VSTS.Common.Priority":
            values["priority"] = None if empty else str(value)
        elif name in ("System.AreaPath", "System.IterationPath"):
            extra["area" if name == "System.AreaPath" else "iteration"] = _path(project, row, str(value))
        elif name not in ("System.TeamProject", "System.WorkItemType", *_IGNORED):
            extra["fields"] = extra.get("fields", {}) | {name: value}
    return values


def check_required(kind: ItemType, values: dict[str, Any], extra: dict[str, Any]) -> None:
    if not str(values.get("title") or "").strip():
        raise rule_error("System.Title", "Title", "Required, InvalidEmpty", "required")
    for name in kind.required:
        if extra.get("fields", {}).get(name) in (None, ""):
            row = field_named(name)
            raise rule_error(name, row.name if row else name, "Required, HasValues, InvalidEmpty", "required")


def _state(kind: ItemType, name: str, row: Field) -> str:
    found = next((state for state in kind.states if state.lower() == name.lower()), None)
    if found is None:
        raise rule_error(
            row.reference, row.name, "Required, HasValues, LimitedToValues, InvalidNotInAllowedValues"
        )
    return found


def _login(ado: "AzureDevOps", value: Any) -> str:
    """By e-mail, `Name <e-mail>`, display name, or an identity object."""
    text = (value.get("uniqueName") or value.get("id") or "") if isinstance(value, dict) else str(value)
    mail = re.search(r"<([^>]+)>", text)
    wanted = (mail[1] if mail else text).lower()
    for user in ado.world.users.values():
        if wanted in (user.email.lower(), user.name.lower(), user.id):
            return user.login
    text = f"The identity value '{text}' for field 'Assigned To' is an unknown identity."
    raise refused(400, text, "WorkItemIdentityNotFoundException")


def _tags(text: str) -> list[str]:
    return list(dict.fromkeys(tag.strip() for tag in re.split(r"[;,]", text) if tag.strip()))


def _path(project: Project, row: Field, path: str) -> str:
    if path.split("\\")[0].lower() != project.key.lower():
        text = f"TF401347: Invalid tree name given for work item -1, field '{row.reference}'."
        raise refused(400, text, "WorkItemInvalidTreeNameException")
    return path


def patched_relations(
    ado: "AzureDevOps", issue: Issue, relations: list[tuple[str, str, Any]]
) -> list[dict[str, Any]] | None:
    """The relations afterwards; None when none were touched. Indexes count as the server has them now."""
    if not relations:
        return None
    rows = [dict(row) for row in issue.links]
    for op, place, value in relations:
        if op == "add" and place == "-":
            rows.append(_relation(ado, rows, value))
        elif not place.split("/")[0].isdigit() or int(place.split("/")[0]) >= len(rows):
            raise refused(
                400, f"VS403691: Index out of range for relation {place}.", "VssPropertyValidationException"
            )
        elif op == "remove":
            del rows[int(place)]
        else:
            index, _, rest = place.partition("/attributes/")
            if not rest:
                raise invalid_patch(f'Unable to evaluate path "/relations/{place}"')
            rows[int(index)]["attributes"] = rows[int(index)]["attributes"] | {rest: value}
    return rows


def _relation(ado: "AzureDevOps", rows: list[dict[str, Any]], value: Any) -> dict[str, Any]:
    """The same URL twice is refused, whatever its comment says (or made a switch by `duplicate_links`)."""
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("rel"), str)
        or not isinstance(value.get("url"), str)
    ):
        kind = "Microsoft.TeamFoundation.WorkItemTracking.WebApi.Models.WorkItemRelation"
        raise invalid_patch(f"Value {value} does not match the expected type {kind}.")
    if value["rel"] == "Hyperlink" and not re.match(r"[a-z][a-z0-9+.-]*://\S+$", value["url"], re.IGNORECASE):
        raise refused(400, "TF26201: The hyperlink is not valid.", "WorkItemResourceLinkException")
    same = [row for row in rows if row["rel"] == value["rel"] and row["url"].lower() == value["url"].lower()]
    if same and ado.settings["duplicate_links"] == "refuse":
        raise refused(400, "Relation already exists.", "RelationAlreadyExistsException")
    now = ado.clock.now()
    attributes = {
        "authorizedDate": f"{now:%Y-%m-%dT%H:%M:%S}Z",
        "id": ado.world.next_number("relation", 1),
        "resourceCreatedDate": f"{now:%Y-%m-%dT%H:%M:%S}Z",
        "resourceModifiedDate": f"{now:%Y-%m-%dT%H:%M:%S}Z",
        "revisedDate": "9999-01-01T00:00:00Z",
    }
    return {
        "rel": value["rel"],
        "url": value["url"],
        "attributes": attributes | (value.get("attributes") or {}),
    }
