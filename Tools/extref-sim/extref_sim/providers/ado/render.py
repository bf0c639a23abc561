# SPDX-License-Identifier: Apache-2.0
"""Work items as Azure DevOps shows them: a flat map of fields, objects for people in REST and texts
elsewhere."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any, Iterable
from urllib.parse import quote

from ...world import Issue, User
from .seed import INSTANCE_ID

if TYPE_CHECKING:
    from .module import AzureDevOps

FOREVER = "9999-01-01T00:00:00Z"


def stamp(moment: datetime | None) -> str | None:
    """Milliseconds without trailing zeros: `2017-09-04T06:11:59.05Z`."""
    if moment is None:
        return None
    fraction = f"{moment.microsecond // 1000:03d}".rstrip("0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{'.' + fraction if fraction else ''}Z"


def identity_json(user: User, base: str) -> dict[str, Any]:
    descriptor = "aad." + base64.b64encode(user.id.encode()).decode().rstrip("=")
    return {
        "displayName": user.name,
        "url": f"{base}/_apis/Identities/{user.id}",
        "_links": {"avatar": {"href": f"{base}/_apis/GraphProfile/MemberAvatars/{descriptor}"}},
        "id": user.id,
        "uniqueName": user.email,
        "imageUrl": f"{base}/_api/_common/identityImage?id={user.id}",
        "descriptor": descriptor,
    }


def identity_text(user: User) -> str:
    """How service hooks and reports write a person."""
    return f"{user.name} <{user.email}>"


def field_values(ado: "AzureDevOps", issue: Issue, base: str, texts: bool = False) -> dict[str, Any]:
    """All fields that have a value. `texts`: people as texts."""
    status = ado.world.status(issue)
    area = issue.extra.get("area") or issue.project

    def person(login: str) -> Any:
        user = ado.user(login)
        return identity_text(user) if texts else identity_json(user, base)

    changed_by = issue.history[-1].author if issue.history else issue.reporter
    values: dict[str, Any] = {
        "System.Id": int(issue.id),
        "System.AreaPath": area,
        "System.TeamProject": issue.project,
        "System.Rev": issue.rev,
        "System.IterationPath": issue.extra.get("iteration") or issue.project,
        "System.WorkItemType": issue.type,
        "System.State": issue.status,
        "System.Reason": status.extra["reason"],
        "System.AssignedTo": person(issue.assignees[0]) if issue.assignees else None,
        "System.CreatedDate": stamp(issue.created),
        "System.CreatedBy": person(issue.reporter),
        "System.ChangedDate": stamp(issue.updated),
        "System.ChangedBy": person(changed_by),
        "System.CommentCount": len(issue.comments),
        "System.Title": issue.title,
        "System.RevisedDate": FOREVER,
        "System.Watermark": issue.extra.get("watermark", 0),
        "System.IsDeleted": True if issue.deleted else None,
        "Microsoft.VSTS.Common.StateChangeDate": stamp(issue.extra.get("state_changed") or issue.created),
        "Microsoft.VSTS.Common.Priority": int(issue.priority) if issue.priority else None,
        "Microsoft.VSTS.Common.ClosedDate": stamp(issue.closed),
        "System.Description": issue.description,
        "System.Tags": "; ".join(sorted(issue.labels)) or None,
        **issue.extra.get("fields", {}),
    }
    return {name: value for name, value in values.items() if value is not None}


_ON_DEMAND = ("System.Id", "System.Rev", "System.RevisedDate", "System.Watermark", "System.IsDeleted")


def item_json(
    ado: "AzureDevOps",
    issue: Issue,
    base: str,
    fields: Iterable[str] | None = None,
    relations: bool = False,
    links: bool = False,
) -> dict[str, Any]:
    """`fields`: only these, by reference name; without it all but the internal ones."""
    values = field_values(ado, issue, base)
    if fields is None:
        values = {name: value for name, value in values.items() if name not in _ON_DEMAND}
    else:
        wanted = {name.lower() for name in fields}
        values = {name: value for name, value in values.items() if name.lower() in wanted}
    made: dict[str, Any] = {"id": int(issue.id), "rev": issue.rev, "fields": values}
    if relations and issue.links:
        made["relations"] = [dict(row) for row in issue.links]
    if links:
        made["_links"] = links_json(ado, issue, base)
    return made | {"url": f"{base}/_apis/wit/workItems/{issue.id}"}


def links_json(ado: "AzureDevOps", issue: Issue, base: str) -> dict[str, Any]:
    own = f"{base}/_apis/wit/workItems/{issue.id}"
    project = ado.world.projects[issue.project]
    kind = f"{base}/{project.id}/_apis/wit/workItemTypes/{quote(issue.type)}"
    links = {
        "self": own,
        "workItemUpdates": f"{own}/updates",
        "workItemRevisions": f"{own}/revisions",
        "workItemComments": f"{base}/{project.id}/_apis/wit/workItems/{issue.id}/comments",
        "html": f"{base}/web/wi.aspx?pcguid={INSTANCE_ID}&id={issue.id}",
        "workItemType": kind,
        "fields": f"{base}/{project.id}/_apis/wit/fields",
    }
    return {name: {"href": url} for name, url in links.items()}
