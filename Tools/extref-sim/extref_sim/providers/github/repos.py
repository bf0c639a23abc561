# SPDX-License-Identifier: Apache-2.0
"""Repositories, and what forms are made of: labels, assignees, issue types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...world import Issue, Project
from . import auth
from .errors import error_answer
from .finding import found_issue, found_repo
from .issue_json import is_pull, issue_json, label_json, type_json
from .pages import paged
from .people import repo_json, user_json

if TYPE_CHECKING:
    from .module import GitHub

# How pull requests may be merged; only those who may push are told.
_MERGING = {
    "allow_squash_merge": True,
    "allow_merge_commit": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "delete_branch_on_merge": False,
    "allow_update_branch": False,
}


def shown(github: "GitHub", repo: Project, call: Call, with_rights: bool = True) -> dict[str, Any]:
    """The repository as lists show it."""
    owner = github.user(repo.key.partition("/")[0])
    still_open = sum(
        1
        for row in github.world.issues.values()
        if row.project == repo.key and row.status == "open" and not row.deleted and not row.moved_to
    )
    rights = auth.rights(call.credential, repo) if with_rights else None
    return repo_json(repo, owner, github.roots(call), still_open, rights)


def show(github: "GitHub", call: Call) -> Answer:
    """`GET /repos/{owner}/{repo}`: the probe for fine-grained tokens; metadata is enough to see it."""
    repo = found_repo(github, call, "metadata")
    made = shown(github, repo, call)
    owner = github.user(repo.key.partition("/")[0])
    made |= {"network_count": 0, "subscribers_count": 1}
    if "write" in auth.rights(call.credential, repo):
        made |= _MERGING
    if owner.extra.get("type") == "Organization":
        made["organization"] = user_json(owner, github.roots(call))
    return json_answer(made)


def mine(github: "GitHub", call: Call) -> Answer:
    """`GET /user/repos`."""
    assert call.credential is not None
    if call.credential.kind == "installation":
        raise Refusal(error_answer(403, "Resource not accessible by integration"))
    rows = [repo for repo in github.world.projects.values() if auth.rights(call.credential, repo)]
    wanted = call.query.get("visibility", "all")
    rows = [repo for repo in rows if wanted in ("all", "private" if repo.extra.get("private") else "public")]
    rows.sort(key=lambda repo: repo.key)
    return paged(github, call, rows, lambda repo: shown(github, repo, call))


def labels(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "read")
    return paged(
        github,
        call,
        list(repo.extra.get("labels", {})),
        lambda name: label_json(repo, name, github.roots(call), whole=True),
    )


def assignees(github: "GitHub", call: Call) -> Answer:
    found_repo(github, call, "read")
    return paged(github, call, people(github), lambda user: user_json(user, github.roots(call)))


def people(github: "GitHub") -> list[Any]:
    """Everybody who may be assigned."""
    return [user for user in github.world.users.values() if user.extra.get("type") != "Organization"]


def issue_types(github: "GitHub", call: Call) -> Answer:
    """Only organisations have types; the contract calls anybody else not found."""
    owner = github.world.users.get(call.params["org"].lower())
    if owner is None or owner.extra.get("type") != "Organization" or not github.settings["issue_types"]:
        raise github.refuse(404, "Not Found")
    return json_answer([type_json(github, name) for name in github.types])


def pull(github: "GitHub", call: Call) -> Answer:
    repo = found_repo(github, call, "read")
    issue = found_issue(github, call, repo, "pull_number")
    if not is_pull(issue):
        raise github.refuse(404, "Not Found")
    return json_answer(_pull_json(github, issue, repo, call))


def _pull_json(github: "GitHub", issue: Issue, repo: Project, call: Call) -> dict[str, Any]:
    roots = github.roots(call)
    issue_part = issue_json(github, issue, roots)
    links = issue_part["pull_request"]
    own, merged = links["url"], links["merged_at"] is not None
    sha = f"{issue.number:040x}"
    end = {
        "label": "acme:main",
        "ref": "main",
        "sha": sha,
        "user": user_json(github.user("acme"), roots),
        "repo": shown(github, repo, call, with_rights=False),
    }
    urls = {
        "commits": f"{own}/commits",
        "review_comments": f"{own}/comments",
        "review_comment": f"{roots.api}/repos/{repo.key}/pulls/comments{{/number}}",
        "comments": issue_part["comments_url"],
        "statuses": f"{roots.api}/repos/{repo.key}/statuses/{sha}",
    }
    same = (
        "id",
        "node_id",
        "number",
        "state",
        "locked",
        "title",
        "user",
        "body",
        "labels",
        "milestone",
        "active_lock_reason",
        "created_at",
        "updated_at",
        "closed_at",
        "assignees",
        "author_association",
        "draft",
    )
    made = {name: issue_part[name] for name in same}
    made |= {f"{name}_url": url for name, url in urls.items()}
    made |= {
        "url": own,
        "issue_url": issue_part["url"],
        "html_url": links["html_url"],
        "diff_url": links["diff_url"],
        "patch_url": links["patch_url"],
        "merged_at": links["merged_at"],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": end,
        "base": end,
        "auto_merge": None,
        "merged": merged,
        "mergeable": None,
        "rebaseable": None,
        "mergeable_state": "unknown",
        "merged_by": user_json(github.user("alice"), roots) if merged else None,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 1,
        "changed_files": 1,
        "_links": {name: {"href": url} for name, url in urls.items()}
        | {"self": {"href": own}, "html": {"href": links["html_url"]}, "issue": {"href": issue_part["url"]}},
    }
    if roots.singular_assignee:
        made |= {"assignee": issue_part["assignee"], "merge_commit_sha": None}
    return made
