# SPDX-License-Identifier: Apache-2.0
"""Projects, teams, and who am I: the connection test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, json_answer
from ...call import Call
from ...world import Project
from .errors import refused
from .seed import INSTANCE_ID

if TYPE_CHECKING:
    from .module import AzureDevOps

_TOP = 100


def _project_json(project: Project, base: str) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "description": "",
        "url": f"{base}/_apis/projects/{project.id}",
        "state": "wellFormed",
        "revision": 11,
        "visibility": "private",
        "lastUpdateTime": "2026-01-02T03:04:05.667Z",
    }


def listed(ado: "AzureDevOps", call: Call) -> Answer:
    """Pages by $top and $skip, or by the header that says where the next one begins."""
    base, ask = ado.base(call), call.query
    rows = [row for row in ado.world.projects.values() if row.visible]
    start = ask.get("continuationToken", ask.get("$skip", 0))
    size = ask.get("$top", _TOP)
    part = rows[start : start + size]
    more = start + size < len(rows)
    headers = {"x-ms-continuationtoken": str(start + size)} if more else {}
    value = [_project_json(row, base) for row in part]
    return json_answer({"count": len(value), "value": value}, headers=headers)


def show(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), ado.project_of(call)
    assert project is not None
    own = f"{base}/_apis/projects/{project.id}"
    team = {
        "id": f"{project.id[:-1]}f",
        "name": f"{project.name} Team",
        "url": f"{own}/teams/{project.id[:-1]}f",
    }
    links = {"self": {"href": own}, "web": {"href": f"{base}/{project.name}"}}
    made = _project_json(project, base) | {"_links": links, "defaultTeam": team}
    if call.query.get("includeCapabilities"):
        made["capabilities"] = {"processTemplate": {"templateName": project.extra.get("process", "Agile")}}
    return json_answer(made)


def teams(ado: "AzureDevOps", call: Call) -> Answer:
    base, project = ado.base(call), ado.project_of(call)
    assert project is not None
    id = f"{project.id[:-1]}f"
    made = {
        "id": id,
        "name": f"{project.name} Team",
        "url": f"{base}/_apis/projects/{project.id}/teams/{id}",
        "description": "The default project team.",
        "identityUrl": f"{base}/_apis/Identities/{id}",
        "projectName": project.name,
        "projectId": project.id,
    }
    return json_answer({"count": 1, "value": [made]})


def profile(ado: "AzureDevOps", call: Call) -> Answer:
    """On another host; `me` or the id of somebody."""
    assert call.credential is not None
    user = ado.user(call.credential.user)
    if call.params["id"] not in ("me", user.id):
        raise refused(404, "The profile does not exist.", "ProfileDoesNotExistException")
    return json_answer(
        {
            "displayName": user.name,
            "publicAlias": user.id,
            "emailAddress": user.email,
            "coreRevision": 1647,
            "timeStamp": "2026-01-02T03:04:05.727+00:00",
            "id": user.id,
            "revision": 1647,
        }
    )


def connection_data(ado: "AzureDevOps", call: Call) -> Answer:
    """Not in the published contract, but the same on Services and Server; needs no scope."""
    ado.base(call)
    assert call.credential is not None
    user = ado.user(call.credential.user)
    person = {
        "id": user.id,
        "descriptor": f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{user.email}",
        "subjectDescriptor": f"aad.{user.id}",
        "providerDisplayName": user.name,
        "isActive": True,
        "properties": {"Account": {"$type": "System.String", "$value": user.email}},
        "resourceVersion": 2,
        "metaTypeId": 0,
    }
    return json_answer(
        {
            "authenticatedUser": person,
            "authorizedUser": person,
            "instanceId": INSTANCE_ID,
            "deploymentId": "1bdfcf9e-0000-4000-8000-000000000001",
            "deploymentType": ado.settings["deployment"],
            "locationServiceData": {
                "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
                "defaultAccessMappingMoniker": "PublicAccessMapping",
                "lastChangeId": -1,
                "lastChangeId64": -1,
            },
        }
    )
