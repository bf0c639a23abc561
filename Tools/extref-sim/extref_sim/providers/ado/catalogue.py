# SPDX-License-Identifier: Apache-2.0
"""Processes, types, states and fields of the simulated organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...world import Status

_COLORS = {"Proposed": "b2b2b2", "InProgress": "007acc", "Resolved": "ff9d00", "Completed": "339933"}
STATUSES = (
    Status("1", "New", "todo", {"category": "Proposed", "reason": "New"}),
    Status("2", "Active", "in_progress", {"category": "InProgress", "reason": "Implementation started"}),
    Status("3", "Resolved", "in_progress", {"category": "Resolved", "reason": "Fixed"}),
    Status("4", "Closed", "done", {"category": "Completed", "reason": "Verified"}),
    Status("5", "Removed", "canceled", {"category": "Removed", "reason": "Removed from the backlog"}),
    Status("6", "Approved", "todo", {"category": "Proposed", "reason": "Approved by the Product Owner"}),
    Status("7", "Committed", "in_progress", {"category": "InProgress", "reason": "Commitment made"}),
    Status("8", "Done", "done", {"category": "Completed", "reason": "Work finished"}),
    Status("9", "To Do", "todo", {"category": "Proposed", "reason": "New task"}),
    Status("10", "In Progress", "in_progress", {"category": "InProgress", "reason": "Work started"}),
)
"""Two processes use them: Agile (New … Closed) and Scrum (New, Approved, Committed, Done; To Do for
tasks)."""


@dataclass(frozen=True)
class ItemType:
    name: str
    color: str
    states: tuple[str, ...]
    fields: tuple[str, ...] = ()
    """Beyond the common ones."""
    required: tuple[str, ...] = ()
    disabled: bool = False
    hidden: bool = False

    @property
    def reference(self) -> str:
        return f"Microsoft.VSTS.WorkItemTypes.{self.name.replace(' ', '')}"


_SEVERITY, _IMPACT, _STEPS = (
    "Microsoft.VSTS.Common.Severity",
    "Custom.Impact",
    "Microsoft.VSTS.TCM.ReproSteps",
)
_AGILE = ("New", "Active", "Resolved", "Closed", "Removed")
_SCRUM = ("New", "Approved", "Committed", "Done", "Removed")
_HIDDEN = (
    ItemType("Code Review Request", "B4009E", ("New", "Closed"), hidden=True),
    ItemType("Shared Steps", "004B50", ("New", "Closed"), disabled=True),
)
PROCESSES: dict[str, tuple[ItemType, ...]] = {
    "Agile": (
        ItemType("Bug", "CC293D", _AGILE[:4], (_SEVERITY, _STEPS)),
        ItemType("Task", "F2CB1D", ("New", "Active", "Closed", "Removed")),
        ItemType("User Story", "009CCC", _AGILE),
        ItemType("Issue", "B4009E", ("New", "Active", "Closed"), (_IMPACT,), (_IMPACT,)),
        *_HIDDEN,
    ),
    "Scrum": (
        ItemType("Bug", "CC293D", _SCRUM, (_SEVERITY, _STEPS)),
        ItemType("Product Backlog Item", "009CCC", _SCRUM),
        ItemType("Task", "F2CB1D", ("To Do", "In Progress", "Done", "Removed")),
        *_HIDDEN,
    ),
}


@dataclass(frozen=True)
class Field:
    reference: str
    name: str
    writable: bool = True
    required: bool = False
    default: Any = None
    allowed: tuple[Any, ...] = field(default=())


FIELDS = {
    row.reference: row
    for row in (
        Field("System.Id", "ID", False, False),
        Field("System.Rev", "Rev", False),
        Field("System.Title", "Title", True, True),
        Field("System.State", "State", True, True),
        Field("System.Reason", "Reason"),
        Field("System.AssignedTo", "Assigned To"),
        Field("System.WorkItemType", "Work Item Type", True, True),
        Field("System.TeamProject", "Team Project", True),
        Field("System.AreaPath", "Area Path"),
        Field("System.IterationPath", "Iteration Path"),
        Field("System.AreaId", "Area ID", False, True),
        Field("System.Tags", "Tags"),
        Field("System.Description", "Description"),
        Field("System.History", "History"),
        Field("System.CommentCount", "Comment Count", False),
        Field("System.CreatedDate", "Created Date", False),
        Field("System.CreatedBy", "Created By", False),
        Field("System.ChangedDate", "Changed Date", False),
        Field("System.ChangedBy", "Changed By", False),
        Field("System.RevisedDate", "Revised Date", False),
        Field("System.Watermark", "Watermark", False),
        Field("System.IsDeleted", "Is Deleted", False),
        Field("Microsoft.VSTS.Common.Priority", "Priority", True, False, 2, (1, 2, 3, 4)),
        Field("Microsoft.VSTS.Common.StateChangeDate", "State Change Date", False),
        Field("Microsoft.VSTS.Common.ClosedDate", "Closed Date", False),
        Field(
            _SEVERITY,
            "Severity",
            True,
            False,
            "3 - Medium",
            ("1 - Critical", "2 - High", "3 - Medium", "4 - Low"),
        ),
        Field(_STEPS, "Repro Steps"),
        Field(_IMPACT, "Impact", True, False, None, ("Low", "High")),
    )
}
_COMMON = tuple(name for name in FIELDS if name not in (_SEVERITY, _STEPS, _IMPACT))


def field_named(name: str) -> Field | None:
    """By reference name, in any case."""
    return next((row for key, row in FIELDS.items() if key.lower() == name.lower()), None)


def fields_of(kind: ItemType) -> list[Field]:
    return [FIELDS[name] for name in (*_COMMON, *kind.fields)]


def state_json(name: str) -> dict[str, str]:
    category = next(row.extra["category"] for row in STATUSES if row.name == name)
    return {"name": name, "color": _COLORS.get(category, "ffffff"), "category": category}
