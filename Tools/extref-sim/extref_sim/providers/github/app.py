# SPDX-License-Identifier: Apache-2.0
"""GitHub Apps: what the App may ask with its JWT, and the installation tokens it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from .errors import error_answer
from .jwt import APP_CLIENT_ID, APP_ID
from .pages import cut, paged
from .people import node_id, user_json
from .seed import INSTALLATION_ID

if TYPE_CHECKING:
    from .module import GitHub

PERMISSIONS = {"issues": "write", "metadata": "read", "pull_requests": "read"}
_EVENTS = ["issues", "issue_comment", "pull_request"]
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
    check_id(call)
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


def check_id(call: Call) -> None:
    if call.params["installation_id"] != str(INSTALLATION_ID):
        raise Refusal(error_answer(404, "Not Found"))


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
