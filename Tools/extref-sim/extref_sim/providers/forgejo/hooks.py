# SPDX-License-Identifier: Apache-2.0
"""Repository webhooks as Forgejo's API makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...webhooks import Subscription
from ...world import Project
from .render import stamp
from .repos import paged

if TYPE_CHECKING:
    from .module import Forgejo


def _admin(forgejo: "Forgejo", call: Call) -> Project:
    repo = forgejo.found_repo(call)
    if not forgejo.writes(call):
        raise forgejo.refuse(
            403, "user should be an owner or a collaborator with admin write of a repository"
        )
    return repo


def listed(forgejo: "Forgejo", call: Call) -> Answer:
    repo = _admin(forgejo, call)
    return paged(forgejo, call, _of(forgejo, repo), _hook_json)


def create(forgejo: "Forgejo", call: Call) -> Answer:
    repo, body = _admin(forgejo, call), call.body
    config = body["config"]
    _check(forgejo, config)
    headers = {"Authorization": body["authorization_header"]} if body.get("authorization_header") else {}
    now = stamp(forgejo.clock.now())
    extra = {"repo": repo.id, "events": list(body.get("events") or ["push"]), "at": now, "type": body["type"]}
    extra |= {"active": bool(body.get("active")), "content_type": config["content_type"]}
    scheme = "forgejo" if config.get("secret") else "none"
    row = forgejo.sim.hooks.add(
        forgejo.name, config["url"], config.get("secret") or "", scheme, headers=headers, extra=extra
    )
    return json_answer(_hook_json(row), 201)


def show(forgejo: "Forgejo", call: Call) -> Answer:
    return json_answer(_hook_json(_found(forgejo, call)))


def edit(forgejo: "Forgejo", call: Call) -> Answer:
    row, body = _found(forgejo, call), call.body
    if body.get("config"):
        _check(forgejo, {"url": row.url, "content_type": row.extra["content_type"], **body["config"]})
        row.url = body["config"].get("url", row.url)
        row.secret = body["config"].get("secret", row.secret)
        row.scheme = "forgejo" if row.secret else "none"
    row.extra |= {name: body[name] for name in ("events", "active") if name in body}
    return json_answer(_hook_json(row))


def delete(forgejo: "Forgejo", call: Call) -> Answer:
    forgejo.sim.hooks.remove(_found(forgejo, call).id)
    return empty_answer()


def _check(forgejo: "Forgejo", config: dict[str, Any]) -> None:
    if not config.get("url"):
        raise forgejo.refuse(422, "Missing config option: url")
    if not str(config["url"]).startswith(("http://", "https://")):
        raise forgejo.refuse(422, "Invalid config option: url")
    if config.get("content_type") not in ("json", "form"):
        raise forgejo.refuse(422, "Invalid content type")


def _of(forgejo: "Forgejo", repo: Project) -> list[Subscription]:
    return [row for row in forgejo.sim.hooks.of(forgejo.name) if row.extra.get("repo") == repo.id]


def _found(forgejo: "Forgejo", call: Call) -> Subscription:
    repo = _admin(forgejo, call)
    found = next((row for row in _of(forgejo, repo) if str(row.id) == call.params["id"]), None)
    if found is None:
        raise forgejo.missing()
    return found


def _hook_json(row: Subscription) -> dict[str, Any]:
    """Without the secret."""
    return {
        "id": row.id,
        "type": row.extra["type"],
        "branch_filter": "",
        "config": {"content_type": row.extra["content_type"], "url": row.url},
        "url": row.url,
        "content_type": row.extra["content_type"],
        "events": row.extra["events"],
        "authorization_header": row.headers.get("Authorization", ""),
        "active": row.extra["active"],
        "updated_at": row.extra["at"],
        "created_at": row.extra["at"],
    }
