# SPDX-License-Identifier: Apache-2.0
"""Who asks Jira Cloud: API tokens on the site, OAuth and scoped tokens on Atlassian's gateway."""

from __future__ import annotations

from urllib.parse import urlencode

from ...answers import Answer, Refusal, json_answer
from ...call import Call
from ...credentials import Credential, basic_pair, split_authorization
from ...oauth import CLIENT_ID, OAuthFault
from .base import JiraBase
from .catalogue import CLOUD_ID, READ_SCOPES, SCOPES

GATEWAY = "/atlassian/ex/jira/"


class CloudAuth(JiraBase):
    """Header forms, states and scopes; what anonymous may ask comes from the contract's security lists."""

    def seed_credentials(self) -> None:
        """alice's API tokens, scoped tokens and OAuth tokens in four states each, and a refresh token."""
        self.credentials.add_four_states("api_token", "jira", "alice")
        self.credentials.add_four_states("scoped_token", "jira-scoped", "alice", SCOPES, READ_SCOPES)
        self.credentials.add_four_states("oauth", "jira-oauth", "alice", SCOPES, READ_SCOPES)
        self.credentials.add(Credential("jira-bob-token", "api_token", "bob"))
        self.tokens.leeway = 600
        self.tokens.allow_refresh("jira-refresh-good", "alice", SCOPES)

    def authenticate(self, call: Call) -> None:
        """Two doors. Nothing sent is anonymous where the contract allows it, and sees a public site only."""
        on_gateway = call.raw_path.startswith(GATEWAY)
        if on_gateway and call.params.get("cloudId") != CLOUD_ID:
            raise Refusal(_gateway(404, "Not Found"))
        if "Authorization" not in call.headers:
            self._admit_anonymous(call, on_gateway)
            return
        found = self._on_gateway(call) if on_gateway else self._on_site(call)
        state = found.state_at(self.clock.epoch()) if found else "unknown"
        if state in ("unknown", "expired", "revoked"):
            self._refuse_unknown(call, on_gateway)
            return
        if on_gateway and found is not None and not self._scoped(call, found):
            raise Refusal(_gateway(401, "Unauthorized; scope does not match"))
        call.credential = found

    def _on_site(self, call: Call) -> Credential | None:
        """Only classic API tokens: a scoped one is unknown here, a Bearer too."""
        pair = basic_pair(call.headers)
        found = self.credentials.find(pair[1], "api_token") if pair else None
        return found if found and pair and self._owns(pair[0], found) else None

    def _on_gateway(self, call: Call) -> Credential | None:
        pair = basic_pair(call.headers)
        if pair:
            found = self.credentials.find(pair[1], "scoped_token")
            return found if found and self._owns(pair[0], found) else None
        scheme, secret = split_authorization(call.headers)
        return self.credentials.find(secret, "oauth") if scheme == "bearer" else None

    def _owns(self, email: str, found: Credential) -> bool:
        return self.world.users[found.user].email.lower() == email.lower()

    def _scoped(self, call: Call, found: Credential) -> bool:
        """One of the contract's OAuth alternatives must be covered."""
        alternatives = [row["OAuth2"] for row in self._security(call) if "OAuth2" in row]
        return not alternatives or any(set(scopes) <= found.scopes for scopes in alternatives)

    def _security(self, call: Call) -> list[dict[str, list[str]]]:
        listed = call.route.judged.security
        if listed is not None:
            return list(listed)
        needed = "read:jira-work" if call.method == "GET" else "write:jira-work"
        return [{"OAuth2": [needed]}]

    def _admit_anonymous(self, call: Call, on_gateway: bool) -> None:
        if on_gateway:
            raise Refusal(_gateway(401, "Unauthorized"))
        if {} not in self._security(call):
            raise self._unauthorized()

    def _refuse_unknown(self, call: Call, on_gateway: bool) -> None:
        """401; or, as real sites do for some requests, treated as nobody (setting)."""
        if on_gateway:
            raise Refusal(_gateway(401, "Unauthorized"))
        if not self.settings["bad_credentials_are_anonymous"] or {} not in self._security(call):
            raise self._unauthorized()
        call.notes["seraph"] = "AUTHENTICATED_FAILED"

    def _unauthorized(self) -> Refusal:
        answer = self.error(401, "Client must be authenticated to access this resource.")
        answer.headers |= {
            "WWW-Authenticate": 'OAuth realm="https%3A%2F%2Fexample.atlassian.net"',
            "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
        }
        return Refusal(answer)

    def may_browse(self, call: Call) -> bool:
        """Scopes are judged at the door; a classic token without rights, and anonymous, see nothing."""
        if call.credential is None:
            return bool(self.settings["public"])
        return call.credential.kind != "api_token" or call.credential.state != "wrong_scope"

    # -- Atlassian's own endpoints -------------------------------------------------------------------

    def tenant_info(self, call: Call) -> Answer:
        return json_answer({"cloudId": CLOUD_ID})

    def accessible_resources(self, call: Call) -> Answer:
        scheme, secret = split_authorization(call.headers)
        found = self.credentials.find(secret, "oauth") if scheme == "bearer" else None
        if found is None or found.state_at(self.clock.epoch()) in ("expired", "revoked"):
            return _gateway(401, "Unauthorized")
        scopes = sorted(found.scopes - {"offline_access"})
        return json_answer(
            [
                {
                    "id": CLOUD_ID,
                    "url": f"{call.origin}/jira",
                    "name": "sim",
                    "scopes": scopes,
                    "avatarUrl": f"{call.origin}/atlassian/avatar.png",
                }
            ]
        )

    def authorize(self, call: Call) -> Answer:
        """The consent page, with consent given at once: back to redirect_uri with a code for one use."""
        ask = call.query
        if ask["client_id"] != CLIENT_ID or ask["response_type"] != "code":
            raise self.refuse(400, "client_id or response_type is wrong.")
        if ask["audience"] != "api.atlassian.com":
            raise self.refuse(400, "audience must be api.atlassian.com.")
        scopes = frozenset(ask["scope"].split()) & SCOPES
        code = self.tokens.new_code(ask["redirect_uri"], scopes)
        return Answer(302, b"", {"Location": _with_query(ask["redirect_uri"], code=code, state=ask["state"])})

    def token(self, call: Call) -> Answer:
        """JSON only. A dead refresh token answers 403, as auth.atlassian.com does."""
        try:
            return json_answer(self.tokens.grant(call.body, SCOPES), headers={"Cache-Control": "no-store"})
        except OAuthFault as fault:
            status = {"invalid_grant": 403, "invalid_client": 401}.get(fault.code, 400)
            code = "access_denied" if fault.code == "invalid_client" else fault.code
            return json_answer({"error": code, "error_description": fault.description}, status)


def _gateway(status: int, message: str) -> Answer:
    """The gateway's own shape; it is no answer of Jira, so the contract does not judge it."""
    answer = json_answer({"code": status, "message": message}, status)
    answer.value = None
    return answer


def _with_query(address: str, **values: str) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(values)
