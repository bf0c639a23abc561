# SPDX-License-Identifier: Apache-2.0
"""What forms are made of: types, states, fields, categories, areas, kinds of relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Issue, Project
from .catalogue import Field, ItemType, fields_of, state_json
from .render import item_json

if TYPE_CHECKING:
    from .module import AzureDevOps

_RELATIONS = (
    ("System.LinkTypes.Related", "Related", "workItemLink"),
    ("System.LinkTypes.Hierarchy-Reverse", "Parent", "workItemLink"),
    ("System.LinkTypes.Hierarchy-Forward", "Child", "workItemLink"),
    ("Hyperlink", "Hyperlink", "resourceLink"),
    ("ArtifactLink", "Artifact Link", "resourceLink"),
    ("AttachedFile", "Attached File", "resourceLink"),
)


def _listed(rows: list[Any]) -> Answer:
    return json_answer({"count": len(rows), "value": rows})


def _project(ado: "AzureDevOps", call: Call) -> Project:
    project = ado.project_of(call)
    assert project is not None
    return project


def _type_url(base: str, project: Project, kind: ItemType) -> str:
    return f"{base}/{project.id}/_apis/wit/workItemTypes/{quote(kind.name)}"


def _type_json(ado: "AzureDevOps", project: Project, kind: ItemType, base: str) -> dict[str, Any]:
    rows = [_field_json(row, kind, base, True) for row in fields_of(kind)]
    transitions = {state: [{"to": other} for other in kind.states] for state in kind.states}
    return {
        "name": kind.name,
        "referenceName": kind.reference,
        "description": "",
        "color": kind.color,
        "icon": {
            "id": "icon_insect",
            "url": f"{base}/_apis/wit/workItemIcons/icon_insect?color={kind.color}&v=2",
        },
        "isDisabled": kind.disabled,
        "xmlForm": "<FORM></FORM>",
        "fields": rows,
        "fieldInstances": rows,
        "transitions": transitions | {"": [{"to": kind.states[0]}]},
        "states": [state_json(name) for name in kind.states],
        "url": _type_url(base, project, kind),
    }


def _field_json(row: Field, kind: ItemType, base: str, in_type: bool, values: bool = False) -> dict[str, Any]:
    """Inside a type without allowed values; from the list of fields with them, when expanded."""
    made: dict[str, Any] = {
        "alwaysRequired": row.required or row.reference in kind.required,
        "referenceName": row.reference,
        "name": row.name,
        "url": f"{base}/_apis/wit/fields/{row.reference}",
    }
    if not in_type:
        made |= {"defaultValue": None if row.default is None else str(row.default), "helpText": row.name}
    if values:
        allowed = kind.states if row.reference == "System.State" else row.allowed
        made |= {"allowedValues": [str(value) for value in allowed], "dependentFields": []}
    return made


def types(ado: "AzureDevOps", call: Call) -> Answer:
    """Also disabled types and those of the hidden category: clients must leave them out."""
    base, project = ado.base(call), _project(ado, call)
    return _listed([_type_json(ado, project, kind, base) for kind in ado.types_of(project)])


def type_shown(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), _project(ado, call)
    return json_answer(_type_json(ado, project, ado.type_named(project, call.params["type"]), base))


def states(ado: "AzureDevOps", call: Call) -> Answer:
    ado.base(call)
    project = _project(ado, call)
    return _listed([state_json(name) for name in ado.type_named(project, call.params["type"]).states])


def fields(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), _project(ado, call)
    kind = ado.type_named(project, call.params["type"])
    expanded = call.query.get("$expand") in ("allowedValues", "all")
    return _listed([_field_json(row, kind, base, False, expanded) for row in fields_of(kind)])


def categories(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), _project(ado, call)
    kinds = ado.types_of(project)
    groups = {
        ("Bug Category", "Microsoft.BugCategory"): [row for row in kinds if row.name == "Bug"],
        ("Task Category", "Microsoft.TaskCategory"): [row for row in kinds if row.name == "Task"],
        ("Hidden Category", "Microsoft.HiddenCategory"): [row for row in kinds if row.hidden],
    }
    made = []
    for (name, reference), rows in groups.items():
        members = [{"name": row.name, "url": _type_url(base, project, row)} for row in rows]
        own = f"{base}/{project.id}/_apis/wit/workItemTypeCategories/{reference}"
        made.append(
            {
                "name": name,
                "referenceName": reference,
                "defaultWorkItemType": members[0],
                "workItemTypes": members,
                "url": own,
            }
        )
    return _listed(made)


def nodes(ado: "AzureDevOps", call: Call) -> Answer:
    """Areas and iterations; every project has its root of both."""
    base, project = ado.base(call), _project(ado, call)
    made = []
    for place, kind in enumerate(("area", "iteration")):
        root = kind.capitalize()
        made.append(
            {
                "id": 100 + place,
                "identifier": f"5b8c3f10-0000-4000-8000-00000000000{place}",
                "name": project.name,
                "structureType": kind,
                "hasChildren": False,
                "path": f"\\{project.name}\\{root}",
                "url": f"{base}/{project.id}/_apis/wit/classificationNodes/{root}s",
            }
        )
    return _listed(made)


def relations(ado: "AzureDevOps", call: Call) -> Answer:
    base = ado.base(call)
    rows = []
    for reference, name, usage in _RELATIONS:
        attributes = {"usage": usage, "editable": False, "enabled": True, "acyclic": False}
        own = f"{base}/_apis/wit/workItemRelationTypes/{reference}"
        rows.append({"attributes": attributes, "referenceName": reference, "name": name, "url": own})
    return _listed(rows)


def template(ado: "AzureDevOps", call: Call) -> Answer:
    """`GET workitems/$Type`: a new item with its defaults, not saved."""
    base, project = ado.base(call), _project(ado, call)
    kind = ado.type_named(project, call.params["type"])
    now = ado.clock.now()
    draft = Issue("0", project.key, 0, "0", "", now, now, status=kind.states[0], type=kind.name, priority="2")
    made = item_json(ado, draft, base)
    return json_answer({"fields": made["fields"], "url": made["url"]})
