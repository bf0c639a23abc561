# SPDX-License-Identifier: Apache-2.0
"""All addresses of the Azure DevOps module. Most work with and without a project in the path; the contract's
operations have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ...contract.tables import STRING, RequestTable
from ...routing import NONE, Route
from . import changes, comments, entra, forms, hooks, items, projects, search, wiql, writing

if TYPE_CHECKING:
    from .module import AzureDevOps

_ORG, _PROJECT = "/{organization}", "/{organization}/{project}"
_VERSIONED = RequestTable(
    query={"api-version": STRING, "connectOptions": STRING, "lastChangeId": STRING, "lastChangeId64": STRING},
    required=("api-version",),
)


def _wit() -> list[tuple[Any, ...]]:
    """(method, path below `_apis/wit`, handler, also without a project)."""
    comments_at = "/workItems/{workItemId}/comments"
    return [
        ("POST", "/workitemsbatch", items.batch, True),
        ("GET", "/workitems", items.listed, True),
        ("GET", "/workitems/{id}", items.show, True),
        ("PATCH", "/workitems/{id}", writing.edit, True),
        ("POST", "/workitems/${type}", writing.create, False),
        ("GET", "/workitems/${type}", forms.template, False),
        ("GET", "/workitemtypes", forms.types, False),
        ("GET", "/workitemtypes/{type}", forms.type_shown, False),
        ("GET", "/workitemtypes/{type}/states", forms.states, False),
        ("GET", "/workitemtypes/{type}/fields", forms.fields, False),
        ("GET", "/workitemtypecategories", forms.categories, False),
        ("GET", "/classificationnodes", forms.nodes, False),
        ("GET", "/reporting/workitemrevisions", changes.revisions, True),
        ("GET", "/recyclebin/{id}", items.recycled, True),
        ("GET", comments_at, comments.listed, False),
        ("POST", comments_at, comments.create, False),
    ]


def routes(ado: "AzureDevOps") -> Iterator[Route]:
    for method, path, handler, without in _wit():
        operation = f"wit:{_PROJECT}/_apis/wit{path}"
        scopes = ("preview",) if "comments" in path else ()
        for place in (_PROJECT, _ORG) if without else (_PROJECT,):
            full = f"/ado{place}/_apis/wit{path}"
            yield ado.route(method, full, _bound(ado, handler), operation, scopes=scopes)
    wiql_operation = "wit:/{organization}/{project}/{team}/_apis/wit/wiql"
    for place in (_ORG, _PROJECT, "/{organization}/{project}/{team}"):
        yield ado.route("POST", f"/ado{place}/_apis/wit/wiql", _bound(ado, wiql.query), wiql_operation)
    relations = "/_apis/wit/workitemrelationtypes"
    yield ado.route("GET", f"/ado{_ORG}{relations}", _bound(ado, forms.relations), f"wit:{_ORG}{relations}")
    yield from _others(ado)


def _others(ado: "AzureDevOps") -> Iterator[Route]:
    rows: list[tuple[str, str, Any]] = [
        ("GET", "core:/{organization}/_apis/projects", projects.listed),
        ("GET", "core:/{organization}/_apis/projects/{projectId}", projects.show),
        ("GET", "core:/{organization}/_apis/projects/{projectId}/teams", projects.teams),
        ("POST", "hooks:/{organization}/_apis/hooks/subscriptions", hooks.create),
        ("GET", "hooks:/{organization}/_apis/hooks/subscriptions", hooks.listed),
        ("GET", "hooks:/{organization}/_apis/hooks/subscriptions/{subscriptionId}", hooks.show),
        ("PUT", "hooks:/{organization}/_apis/hooks/subscriptions/{subscriptionId}", hooks.replace),
        ("DELETE", "hooks:/{organization}/_apis/hooks/subscriptions/{subscriptionId}", hooks.delete),
    ]
    for method, operation, handler in rows:
        path = operation.partition(":")[2]
        yield ado.route(method, f"/ado{path}", _bound(ado, handler), operation)
    found = "search:/{organization}/{project}/_apis/search/workitemsearchresults"
    for host in ("/ado-search", "/ado"):
        for place in (_PROJECT, _ORG):
            full = f"{host}{place}/_apis/search/workitemsearchresults"
            yield ado.route("POST", full, _bound(ado, search.search), found)
    profile = "/_apis/profile/profiles/{id}"
    yield ado.route("GET", f"/ado-profile{profile}", _bound(ado, projects.profile), f"profile:{profile}")
    connection = f"/ado{_ORG}/_apis/connectionData"
    handler = _bound(ado, projects.connection_data)
    yield ado.route("GET", connection, handler, table=_VERSIONED, scopes=("preview",))
    token = "/entra/{tenant}/oauth2/v2.0/token"
    yield ado.route("POST", token, _bound(ado, entra.token), auth=NONE, secret_body=True)


def _bound(ado: "AzureDevOps", handler: Any) -> Any:
    return lambda call: handler(ado, call)
