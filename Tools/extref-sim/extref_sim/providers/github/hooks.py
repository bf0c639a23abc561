# SPDX-License-Identifier: Apache-2.0
"""Repository webhooks as GitHub's API makes them. Each becomes a receiver of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, empty_answer, json_answer
from ...call import Call
from ...webhooks import Event, Subscription
from ...world import Project
from .errors import error_answer
from .finding import found_repo
from .pages import paged
from .people import repo_json, stamp, user_json

if TYPE_CHECKING:
    from .module import GitHub


def listed(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "admin")
    return paged(github, call, _of(github, repo), lambda row: _hook_json(github, row, call))


def create(github: "GitHub", call: Call) -> Answer:
    """A ping is sent at once. The same URL and events again are refused."""
    repo = found_repo(github, call, "admin")
    config = call.body.get("config") or {}
    _check(config)
    if call.body.get("name", "web") != "web":
        raise _refused("name", "custom", "name must be web")
    events = list(call.body.get("events") or ["push"])
    if any(row.url == config["url"] and set(row.extra["events"]) == set(events) for row in _of(github, repo)):
        raise _refused("base", "custom", "Hook already exists on this repository")
    scheme = "github" if config.get("secret") else "none"
    row = github.sim.hooks.add(
        github.name,
        config["url"],
        config.get("secret") or "",
        scheme,
        extra={
            "events": events,
            "repo": repo.id,
            "active": call.body.get("active") is not False,
            "content_type": config.get("content_type", "form"),
            "at": stamp(github.clock.now()),
        },
    )
    github.sim.hooks.send_to(row, ping_event(github, row, repo))
    return json_answer(_hook_json(github, row, call), 201, {"Location": _hook_json(github, row, call)["url"]})


def edit(github: "GitHub", call: Call) -> Answer:
    row, _ = _found(github, call)
    config = call.body.get("config") or {}
    if config:
        _check({"url": row.url, "content_type": row.extra["content_type"], **config})
        row.url, row.secret = config.get("url") or row.url, config.get("secret") or row.secret
        row.scheme = "github" if row.secret else "none"
    events = list(call.body.get("events") or row.extra["events"]) + list(call.body.get("add_events") or ())
    gone = set(call.body.get("remove_events") or ())
    row.extra["events"] = [name for name in dict.fromkeys(events) if name not in gone]
    row.extra["active"] = call.body.get("active", row.extra["active"])
    return json_answer(_hook_json(github, row, call))


def delete(github: "GitHub", call: Call) -> Answer:
    row, _ = _found(github, call)
    github.sim.hooks.remove(row.id)
    return empty_answer()


def ping(github: "GitHub", call: Call) -> Answer:
    row, repo = _found(github, call)
    github.sim.hooks.send_to(row, ping_event(github, row, repo))
    return empty_answer()


def ping_event(github: "GitHub", row: Subscription, repo: Project) -> Event:
    roots = github.hook_roots
    own = f"{roots.api}/repos/{repo.key}/hooks/{row.id}"
    hook = {
        "type": "Repository",
        "id": row.id,
        "name": "web",
        "active": row.extra["active"],
        "events": row.extra["events"],
        "updated_at": row.extra["at"],
        "created_at": row.extra["at"],
        "url": own,
        "config": {"content_type": row.extra["content_type"], "insecure_ssl": "0", "url": row.url},
        "test_url": f"{own}/test",
        "ping_url": f"{own}/pings",
        "deliveries_url": f"{own}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }
    owner = github.user(repo.key.partition("/")[0])
    body = {
        "zen": "Keep it logically awesome.",
        "hook_id": row.id,
        "hook": hook,
        "repository": repo_json(repo, owner, roots, 0),
        "sender": user_json(github.user("alice"), roots),
    }
    return Event(
        "ping",
        body,
        {"X-GitHub-Event": "ping", "X-GitHub-Delivery": "{delivery}", "X-GitHub-Hook-ID": str(row.id)},
    )


def _check(config: dict[str, Any]) -> None:
    url = config.get("url") or ""
    if not url:
        raise _refused("url", "missing_field", "url cannot be blank")
    if not url.startswith(("http://", "https://")):
        raise _refused("url", "custom", "url must be a valid URL")
    if config.get("content_type", "form") not in ("json", "form"):
        raise _refused("content_type", "invalid", "content_type must be json or form")


def _of(github: "GitHub", repo: Project) -> list[Subscription]:
    return [row for row in github.sim.hooks.of(github.name) if row.extra.get("repo") == repo.id]


def _found(github: "GitHub", call: Call) -> tuple[Subscription, Project]:
    repo = found_repo(github, call, "admin")
    for row in _of(github, repo):
        if str(row.id) == call.params["hook_id"]:
            return row, repo
    raise github.refuse(404, "Not Found")


def _hook_json(github: "GitHub", row: Subscription, call: Call) -> dict[str, Any]:
    """The secret is never shown again: eight stars stand for it."""
    repo = next(repo for repo in github.world.projects.values() if repo.id == row.extra["repo"])
    own = f"{github.roots(call).api}/repos/{repo.key}/hooks/{row.id}"
    secret = {"secret": "********"} if row.secret else {}
    return {
        "type": "Repository",
        "id": row.id,
        "name": "web",
        "active": row.extra["active"],
        "events": row.extra["events"],
        "updated_at": row.extra["at"],
        "created_at": row.extra["at"],
        "url": own,
        "config": {"content_type": row.extra["content_type"], "insecure_ssl": "0", "url": row.url, **secret},
        "test_url": f"{own}/test",
        "ping_url": f"{own}/pings",
        "deliveries_url": f"{own}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }


def _refused(field: str, code: str, message: str) -> Refusal:
    errors = [{"resource": "Hook", "field": field, "code": code, "message": message}]
    return Refusal(error_answer(422, "Validation Failed", errors=errors))
