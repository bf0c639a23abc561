# SPDX-License-Identifier: Apache-2.0
"""GraphQL mutations: create, edit, close an issue, comment on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...paging import make_cursor
from ...world import Issue, Project
from . import auth
from .graph_errors import failure
from .graph_objects import comment_node, issue_node
from .people import database_id, node_id
from .issue_json import label_json

if TYPE_CHECKING:
    from .module import GitHub


def write_resolvers(github: "GitHub") -> dict[str, Any]:
    def writable(info: Any, repo: Project) -> None:
        if "write" not in auth.rights(info.context.credential, repo):
            raise failure("FORBIDDEN", "Resource not accessible by personal access token")

    def issue_at(info: Any, id: str) -> Issue:
        issue = github.world.seen(id) if id in github.world.issues else None
        repo = github.world.projects[issue.project] if issue else None
        if issue is None or repo is None or not auth.rights(info.context.credential, repo):
            raise failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        writable(info, repo)
        return issue

    def values_of(repo: Project, given: dict[str, Any]) -> dict[str, Any]:
        """Attributes of our Issue; ids that do not exist are refused."""
        values = {
            ours: given[theirs]
            for theirs, ours in (("title", "title"), ("body", "description"))
            if given.get(theirs) is not None
        }
        if given.get("labelIds") is not None:
            names = {
                label_json(repo, name, github.hook_roots)["node_id"]: name for name in repo.extra["labels"]
            }
            values["labels"] = [known(names, id) for id in given["labelIds"]]
        if given.get("assigneeIds") is not None:
            logins = {node_id("U", int(user.id)): user.login for user in github.world.users.values()}
            values["assignees"] = [known(logins, id) for id in given["assigneeIds"]]
        return values

    def known(table: dict[str, str], id: str) -> str:
        if id not in table:
            raise failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        return table[id]

    def create(root: Any, info: Any, input: dict[str, Any]) -> Any:
        number = database_id(input["repositoryId"])
        repo = next((row for row in github.world.projects.values() if int(row.id) == number), None)
        if repo is None or not auth.rights(info.context.credential, repo):
            raise failure(
                "NOT_FOUND", f"Could not resolve to a node with the global id of '{input['repositoryId']}'"
            )
        writable(info, repo)
        values = values_of(repo, input)
        if not values["title"].strip():
            raise failure("UNPROCESSABLE", "Title can't be blank")
        made = github.make_issue(
            repo.key, values.pop("title"), reporter=info.context.credential.user, **values
        )
        return payload(info, input, made)

    def update(root: Any, info: Any, input: dict[str, Any]) -> Any:
        issue = issue_at(info, input["id"])
        values = values_of(github.world.projects[issue.project], input)
        if input.get("state"):
            values["status"] = "open" if input["state"] == "OPEN" else "closed"
        github.world.edit(issue, info.context.credential.user, **values)
        return payload(info, input, issue)

    def close(root: Any, info: Any, input: dict[str, Any]) -> Any:
        issue = issue_at(info, input["issueId"])
        reason = (input.get("stateReason") or "COMPLETED").lower()
        github.world.edit(
            issue, info.context.credential.user, status="closed" if reason == "completed" else reason
        )
        return payload(info, input, issue)

    def comment(root: Any, info: Any, input: dict[str, Any]) -> Any:
        issue = issue_at(info, input["subjectId"])
        if not input["body"].strip():
            raise failure("UNPROCESSABLE", "Body can't be blank")
        made = github.world.comment(issue, input["body"], info.context.credential.user)
        return {
            "clientMutationId": input.get("clientMutationId"),
            "subject": issue_node(github, issue, info.context),
            "commentEdge": {
                "cursor": make_cursor(at=len(issue.comments) - 1),
                "node": comment_node(github, issue, made, info.context),
            },
        }

    def payload(info: Any, input: dict[str, Any], issue: Issue) -> Any:
        return {
            "clientMutationId": input.get("clientMutationId"),
            "issue": issue_node(github, issue, info.context),
        }

    return {
        "Mutation.createIssue": create,
        "Mutation.updateIssue": update,
        "Mutation.closeIssue": close,
        "Mutation.addComment": comment,
    }
