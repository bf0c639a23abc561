# SPDX-License-Identifier: Apache-2.0
"""GitHub Apps: what the App may ask with its JWT, and the installation tokens it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...credentials import Credential
from . import auth
from .errors import error_answer
from .jwt import APP_CLIENT_ID, APP_ID
from .pages import cut, links, paged
from .people import node_id, stamp, user_json
from .repos import shown
from .seed import INSTALLATION_ID

if TYPE_CHECKING:
    from .module import GitHub

PERMISSIONS = {"issues": "write", "metadata": "read", "pull_requests": "read"}
_EVENTS = ["issues", "issue_comment", "pull_request"]
_LEVELS = {"read": 1, "write": 2, "admin": 3}
_BORN = "2025-01-02T03:04:05Z"


def show(github: "GitHub", call: Call) -> Answer:
    roots = github.roots(call)
    return json_answer(
        {
            "id": APP_ID,
            "slug": "extref-sim",
            "node_id": node_id("A", APP_ID),
            "client_id": APP_CLIENT_ID,
            "owner": user_json(github.user("acme"), roots),
            "name": "extref-sim",
            "description": "",
            "external_url": "https://extref.example",
            "html_url": f"{roots.web}/apps/extref-sim",
            "created_at": _BORN,
            "updated_at": _BORN,
            "permissions": PERMISSIONS,
            "events": _EVENTS,
            "installations_count": 1,
        }
    )


def _installation_json(github: "GitHub", call: Call) -> dict[str, Any]:
    roots = github.roots(call)
    own = f"{roots.api}/app/installations/{INSTALLATION_ID}"
    return {
        "id": INSTALLATION_ID,
        "client_id": APP_CLIENT_ID,
        "account": user_json(github.user("acme"), roots),
        "repository_selection": "all",
        "access_tokens_url": f"{own}/access_tokens",
        "repositories_url": f"{roots.api}/installation/repositories",
        "target_id": 2001,
        "html_url": f"{roots.web}/organizations/acme/settings/installations/{INSTALLATION_ID}",
        "app_id": APP_ID,
        "app_slug": "extref-sim",
        "target_type": "Organization",
        "permissions": PERMISSIONS,
        "events": _EVENTS,
        "created_at": _BORN,
        "updated_at": _BORN,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


def installations(github: "GitHub", call: Call) -> Answer:
    return paged(github, call, [INSTALLATION_ID], lambda _: _installation_json(github, call))


def installation(github: "GitHub", call: Call) -> Answer:
    _check_id(call)
    return json_answer(_installation_json(github, call))


def of_org(github: "GitHub", call: Call) -> Answer:
    if call.params["org"].lower() != "acme":
        raise github.refuse(404, "Not Found")
    return json_answer(_installation_json(github, call))


def of_repo(github: "GitHub", call: Call) -> Answer:
    repo = github.world.project(f"{call.params['owner']}/{call.params['repo']}")
    if repo is None or not repo.visible or not repo.key.startswith("acme/"):
        raise github.refuse(404, "Not Found")
    return json_answer(_installation_json(github, call))


def _check_id(call: Call) -> None:
    if call.params["installation_id"] != str(INSTALLATION_ID):
        raise Refusal(error_answer(404, "Not Found"))


def access_token(github: "GitHub", call: Call) -> Answer:
    """A token for one hour, for all or for the named repositories, with all or with fewer permissions."""
    _check_id(call)
    if github.tokens.failing:
        raise Refusal(error_answer(403, "This installation has been suspended"))
    asked = call.body or {}
    granted = _permissions(asked.get("permissions"))
    chosen = _chosen(github, asked)
    github.tokens_made = getattr(github, "tokens_made", 0) + 1
    expires = github.clock.epoch() + github.tokens.lifetime
    token = github.credentials.add(
        Credential(
            f"ghs_sim{github.tokens_made:032d}",
            "installation",
            "acme",
            expires_at=expires,
            extra={"permissions": granted, "repositories": chosen},
        )
    )
    moment = github.clock.now().fromtimestamp(expires, github.clock.now().tzinfo)
    made: dict[str, Any] = {
        "token": token.secret,
        "expires_at": stamp(moment),
        "permissions": granted,
        "repository_selection": "all" if chosen is None else "selected",
    }
    if chosen is not None:
        rows = [repo for repo in github.world.projects.values() if repo.id in chosen]
        made["repositories"] = [shown(github, repo, call, with_rights=False) for repo in rows]
    return json_answer(made, 201)


def _permissions(asked: dict[str, Any] | None) -> dict[str, str]:
    if not asked:
        return dict(PERMISSIONS)
    wanted = {name: level for name, level in asked.items() if level is not None}
    for name, level in wanted.items():
        if _LEVELS[level] > _LEVELS.get(PERMISSIONS.get(name, ""), 0):
            raise Refusal(
                error_answer(422, "The permissions requested are not granted to this installation.")
            )
    return {"metadata": "read", **wanted}


def _chosen(github: "GitHub", asked: dict[str, Any]) -> list[str] | None:
    names, ids = asked.get("repositories"), asked.get("repository_ids")
    if names is None and ids is None:
        return None
    rows = [repo for repo in github.world.projects.values() if repo.key.startswith("acme/") and repo.visible]
    found = [
        repo.id for repo in rows if repo.key.partition("/")[2] in (names or ()) or int(repo.id) in (ids or ())
    ]
    if len(found) != len(names or ()) + len(ids or ()):
        raise Refusal(
            error_answer(
                422,
                "There is at least one repository that does not exist or is not accessible "
                "to the parent installation.",
            )
        )
    return found


def repositories(github: "GitHub", call: Call) -> Answer:
    """`GET /installation/repositories`: the connection test of installation tokens."""
    held = call.credential
    if held is None or held.kind != "installation":
        raise Refusal(
            error_answer(
                403,
                "You must authenticate with an installation access token in order to list "
                "repositories for an installation.",
            )
        )
    chosen: Any = held.extra.get("repositories")
    rows = [
        repo
        for repo in github.world.projects.values()
        if auth.rights(held, repo) and (chosen is None or repo.id in chosen)
    ]
    part, page, pages = cut(call, rows)
    return json_answer(
        {
            "total_count": len(rows),
            "repository_selection": "all" if chosen is None else "selected",
            "repositories": [shown(github, repo, call) for repo in part],
        },
        headers=links(github, call, page, pages),
    )


def hook_config(github: "GitHub", call: Call) -> Answer:
    row = next(iter(github.sim.hooks.of(github.name)), None)
    return json_answer(
        {
            "content_type": "json",
            "insecure_ssl": "0",
            "url": row.url if row else "",
            **({"secret": "********"} if row else {}),
        }
    )


def deliveries(github: "GitHub", call: Call) -> Answer:
    """What was sent, newest first: an App catches up with the failures after an outage."""
    sent = [row for row in github.sim.hooks.deliveries if row["provider"] == github.name]
    rows = [
        {
            "id": index + 1,
            "guid": row["delivery"],
            "delivered_at": row["at"][:19] + "Z",
            "redelivery": False,
            "duration": 0.03,
            "status": "OK" if row["status"] == 200 else "Invalid HTTP Response",
            "status_code": row["status"] if isinstance(row["status"], int) else 0,
            "event": row["event"].partition(".")[0],
            "action": row["event"].partition(".")[2] or None,
            "installation_id": INSTALLATION_ID,
            "repository_id": None,
        }
        for index, row in enumerate(sent)
    ][::-1]
    wanted = call.query.get("status")
    rows = [
        row
        for row in rows
        if wanted in (None, "success" if row["status_code"] < 300 and row["status_code"] else "failure")
    ]
    part, _, _ = cut(call, rows)
    return json_answer(part)
