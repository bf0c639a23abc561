# SPDX-License-Identifier: Apache-2.0
"""Who asks Jira Data Center: personal access tokens, passwords, captchas, the XSRF filter."""

from __future__ import annotations

from ...answers import Answer, Refusal, html_answer
from ...call import Call
from ...credentials import Credential, basic_pair, split_authorization
from .base import JiraBase

LOGIN_FAILURES_MAX = 3


class DataCenterAuth(JiraBase):
    """Mixed into Jira Data Center."""

    def seed_credentials(self) -> None:
        self.failures: dict[str, int] = {}
        self.credentials.add_four_states("pat", "jiradc")
        self.credentials.add(Credential("jiradc-good-password", "password", "alice"))
        self.credentials.add(Credential("jiradc-bob-password", "password", "bob"))

    def prechecked(self, call: Call) -> None:
        """A browser's User-Agent on a write meets the XSRF filter."""
        browser = "mozilla" in call.headers.get("User-Agent", "").lower()
        if call.method != "GET" and browser and call.headers.get("X-Atlassian-Token", "") != "no-check":
            raise Refusal(html_answer("XSRF check failed", 403))

    def authenticate(self, call: Call) -> None:
        """PAT as Bearer, password as Basic; a bad one is 401, too many bad passwords a captcha."""
        if "Authorization" not in call.headers:
            return
        scheme, secret = split_authorization(call.headers)
        found = self._password(call) if scheme == "basic" else self.credentials.find(secret, "pat")
        if scheme not in ("basic", "bearer"):
            return  # not applied: the request goes on as anonymous, which X-AUSERNAME tells
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            raise self._unauthorized("AUTHENTICATED_FAILED")
        call.credential = found

    def _password(self, call: Call) -> Credential | None:
        user, password = basic_pair(call.headers) or ("", "")
        if not self.settings["basic_auth"]:
            raise self.refuse(403, "Basic Authentication has been disabled on this instance.")
        if self.failures.get(user, 0) >= LOGIN_FAILURES_MAX:
            answer = html_answer("<html><body>Forbidden (403): CAPTCHA_CHALLENGE</body></html>", 403)
            answer.headers |= {
                "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
                "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url="
                f"{call.origin}/jiradc/login.jsp",
            }
            raise Refusal(answer)
        found = self.credentials.find(password, "password")
        if found is None or found.user != user:
            self.failures[user] = self.failures.get(user, 0) + 1
            return None
        self.failures.pop(user, None)
        return found

    def _unauthorized(self, reason: str) -> Refusal:
        answer = html_answer("<html><body>Unauthorized (401)</body></html>", 401)
        answer.headers |= {"X-Seraph-LoginReason": reason, "WWW-Authenticate": 'OAuth realm="jiradc"'}
        return Refusal(answer)

    def may_browse(self, call: Call) -> bool:
        return (
            bool(self.settings["public"])
            if call.credential is None
            else call.credential.state != "wrong_scope"
        )

    def common_headers(self, call: Call, answer: Answer) -> dict[str, str]:
        return {
            "X-AUSERNAME": self.user_of(call) or "anonymous",
            "X-AREQUESTID": f"{self.sim.journal.seq + 1}x1",
        }
