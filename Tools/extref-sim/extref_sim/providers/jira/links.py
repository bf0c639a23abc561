# SPDX-License-Identifier: Apache-2.0
"""Remote links: the back-links from an issue to our test objects, idempotent by globalId."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ...answers import Answer, empty_answer, json_answer
from ...call import Call
from ...world import Issue
from .base import JiraBase

GLOBAL_ID_LENGTH_MAX = 255


class RemoteLinkRequests(JiraBase):
    """Mixed into both providers. Settings: issue_linking (off = 403), remote_links_max (beyond = 413)."""

    def get_links(self, call: Call) -> Answer:
        """All links, or with globalId exactly one (an object, not a list)."""
        issue = self._linkable(call)
        wanted = call.query.get("globalId")
        if wanted is not None:
            return json_answer(self._link_shown(call, issue, self._by_global_id(issue, wanted)))
        return json_answer([self._link_shown(call, issue, row) for row in issue.links])

    def get_link(self, call: Call) -> Answer:
        issue = self._linkable(call)
        return json_answer(self._link_shown(call, issue, self._by_id(issue, call.params["linkId"])))

    def put_link(self, call: Call) -> Answer:
        """Creates (201) or, for a known globalId, replaces (200): what is left out becomes null."""
        issue = self._linkable(call, write=True)
        content = self._judged_link(call.body)
        known = next(
            (
                row
                for row in issue.links
                if content["globalId"] is not None and row["globalId"] == content["globalId"]
            ),
            None,
        )
        if known is not None:
            known.update(content)
            return self._identified(call, issue, known, 200)
        if len(issue.links) >= self.settings["remote_links_max"]:
            raise self.refuse(413, "The per-issue limit of remote links has been reached.")
        row = {"id": self.world.next_number("link", 10000), **content}
        issue.links.append(row)
        return self._identified(call, issue, row, 201)

    def update_link(self, call: Call) -> Answer:
        issue = self._linkable(call, write=True)
        self._by_id(issue, call.params["linkId"]).update(self._judged_link(call.body))
        return empty_answer()

    def delete_links(self, call: Call) -> Answer:
        issue = self._linkable(call, write=True)
        issue.links.remove(self._by_global_id(issue, call.query.get("globalId", "")))
        return empty_answer()

    def delete_link(self, call: Call) -> Answer:
        issue = self._linkable(call, write=True)
        issue.links.remove(self._by_id(issue, call.params["linkId"]))
        return empty_answer()

    def _linkable(self, call: Call, write: bool = False) -> Issue:
        issue = self.asked_issue(call)
        if not self.settings["issue_linking"]:
            raise self.refuse(403, "Issue linking is currently disabled.")
        if write and self.settings["link_permission"] is False:
            raise self.refuse(403, "You do not have permission to link issues in this project.")
        return issue

    def _judged_link(self, body: Any) -> dict[str, Any]:
        """The whole link, with null for everything that was not sent."""
        held = body.get("object") if isinstance(body, dict) else None
        errors: dict[str, str] = {}
        held = held if isinstance(held, dict) else {}
        if not held.get("title"):
            errors["title"] = "'title' is required."
        if urlsplit(str(held.get("url", ""))).scheme not in ("http", "https"):
            errors["url"] = "'url' is not a valid URL."
        name = body.get("globalId") if isinstance(body, dict) else None
        if name is not None and len(name) > GLOBAL_ID_LENGTH_MAX:
            errors["globalId"] = f"'globalId' must be no more than {GLOBAL_ID_LENGTH_MAX} characters."
        if errors:
            raise self.refuse(400, "", errors)
        content = {part: held.get(part) for part in ("url", "title", "summary", "icon", "status")}
        return {
            "globalId": name,
            "application": body.get("application"),
            "relationship": body.get("relationship"),
            "object": content,
        }

    def _by_global_id(self, issue: Issue, wanted: str) -> dict[str, Any]:
        row = next((row for row in issue.links if row["globalId"] == wanted), None)
        if row is None:
            raise self.refuse(404, "", {"globalId": f"No remote issue link with global ID '{wanted}'."})
        return row

    def _by_id(self, issue: Issue, wanted: str) -> dict[str, Any]:
        row = next((row for row in issue.links if str(row["id"]) == wanted), None)
        if row is None:
            raise self.refuse(404, f"The remote issue link '{wanted}' does not exist.")
        return row

    def _self(self, call: Call, issue: Issue, row: dict[str, Any]) -> str:
        return f"{self.api(call)}/issue/{issue.id}/remotelink/{row['id']}"

    def _identified(self, call: Call, issue: Issue, row: dict[str, Any], status: int) -> Answer:
        return json_answer({"id": row["id"], "self": self._self(call, issue, row)}, status)

    def _link_shown(self, call: Call, issue: Issue, row: dict[str, Any]) -> dict[str, Any]:
        held = {name: value for name, value in row["object"].items() if value is not None}
        rest = {
            name: row[name] for name in ("globalId", "application", "relationship") if row[name] is not None
        }
        return {"id": row["id"], "self": self._self(call, issue, row), **rest, "object": held}
