# SPDX-License-Identifier: Apache-2.0
"""The connection test: who am I, what may I still ask, which server is this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from .errors import error_answer
from .people import profile_json

if TYPE_CHECKING:
    from .module import GitHub


def me(github: "GitHub", call: Call) -> Answer:
    """`GET /user`: installation tokens are nobody."""
    assert call.credential is not None
    if call.credential.kind == "installation":
        raise Refusal(error_answer(403, "Resource not accessible by integration"))
    user = github.user(call.credential.user)
    return json_answer(profile_json(user, github.roots(call), private=call.credential.kind == "classic"))


def profile(github: "GitHub", call: Call) -> Answer:
    user = github.world.users.get(call.params["username"].lower())
    if user is None:
        raise github.refuse(404, "Not Found")
    return json_answer(profile_json(user, github.roots(call), private=False))


def rate_limit(github: "GitHub", call: Call) -> Answer:
    """Costs nothing. Enterprise Server answers 404 while its limits are off; 2026-03-10 has no `rate`."""
    if github.is_enterprise(call) and not github.settings["enterprise_limits"]:
        raise github.refuse(404, "Rate limiting is not enabled.")
    github.budget_for(call)
    rows = {
        name: {
            "limit": budget.limit,
            "used": budget.used,
            "remaining": budget.remaining,
            "reset": budget.reset_epoch,
        }
        for name, budget in github.budgets.items()
    }
    old = {"rate": rows["core"]} if github.roots(call).singular_assignee else {}
    return json_answer({"resources": rows, **old})


def root(github: "GitHub", call: Call) -> Answer:
    """`GET /`: the table of contents."""
    api, web = github.roots(call).api, github.roots(call).web
    user = f"{api}/user"
    return json_answer(
        {
            "current_user_url": user,
            "code_search_url": f"{api}/search/code?q={{query}}{{&page,per_page,sort,order}}",
            "current_user_authorizations_html_url": f"{web}/settings/connections/applications{{/client_id}}",
            "commit_search_url": f"{api}/search/commits?q={{query}}{{&page,per_page,sort,order}}",
            "emails_url": f"{user}/emails",
            "emojis_url": f"{api}/emojis",
            "events_url": f"{api}/events",
            "feeds_url": f"{api}/feeds",
            "followers_url": f"{user}/followers",
            "following_url": f"{user}/following{{/target}}",
            "gists_url": f"{api}/gists{{/gist_id}}",
            "hub_url": f"{api}/hub",
            "issue_search_url": f"{api}/search/issues?q={{query}}{{&page,per_page,sort,order}}",
            "issues_url": f"{api}/issues",
            "keys_url": f"{user}/keys",
            "notifications_url": f"{api}/notifications",
            "label_search_url": f"{api}/search/labels?q={{query}}&repository_id={{repository_id}}"
            "{&page,per_page}",
            "organization_url": f"{api}/orgs/{{org}}",
            "organization_repositories_url": f"{api}/orgs/{{org}}/repos{{?type,page,per_page,sort}}",
            "organization_teams_url": f"{api}/orgs/{{org}}/teams",
            "public_gists_url": f"{api}/gists/public",
            "rate_limit_url": f"{api}/rate_limit",
            "repository_url": f"{api}/repos/{{owner}}/{{repo}}",
            "repository_search_url": f"{api}/search/repositories?q={{query}}{{&page,per_page,sort,order}}",
            "current_user_repositories_url": f"{user}/repos{{?type,page,per_page,sort}}",
            "starred_url": f"{user}/starred{{/owner}}{{/repo}}",
            "starred_gists_url": f"{api}/gists/starred",
            "topic_search_url": f"{api}/search/topics?q={{query}}{{&page,per_page}}",
            "user_url": f"{api}/users/{{user}}",
            "user_organizations_url": f"{user}/orgs",
            "user_search_url": f"{api}/search/users?q={{query}}{{&page,per_page,sort,order}}",
            "user_repositories_url": f"{api}/users/{{user}}/repos{{?type,page,per_page,sort}}",
        }
    )


def meta(github: "GitHub", call: Call) -> Answer:
    """`GET /meta`: Enterprise Server adds its version, which the cloud's contract does not know."""
    version = {"installed_version": github.settings["server_version"]} if github.is_enterprise(call) else {}
    return json_answer({"verifiable_password_authentication": True, **version})
