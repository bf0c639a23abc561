# SPDX-License-Identifier: Apache-2.0
"""Installation tokens: for an hour, for all or for chosen repositories, with all or with fewer
permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...credentials import Credential
from . import auth
from .app import PERMISSIONS, check_id
from .errors import error_answer
from .pages import cut, links
from .people import stamp
from .repos import shown

if TYPE_CHECKING:
    from .module import GitHub

_LEVELS = {"read": 1, "write": 2, "admin": 3}


def access_token(github: "GitHub", call: Call) -> Answer:
    """A token for one hour, for all or for the named repositories, with all or with fewer permissions."""
    check_id(call)
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
