# SPDX-License-Identifier: Apache-2.0
"""Linear refuses what Linear refuses, and answers what its SDL promises."""

import pytest

from hook_receiver import Receiver

KEY = {"Authorization": "linear-good-token"}


def ask(sim, query, variables=None, headers=None):
    body = {"query": query} | ({"variables": variables} if variables else {})
    return sim.ask("POST", "/linear/graphql", body, KEY if headers is None else headers)


def test_an_issue_is_read_by_id_and_by_key(sim):
    answer = ask(sim, '{ issue(id: "ENG-1") { id identifier title state { name type } assignee { name } } }')
    issue = answer.json["data"]["issue"]
    assert (issue["title"], issue["state"]["type"], issue["assignee"]["name"]) == (
        "Checkout fails",
        "unstarted",
        "Bob Builder",
    )
    again = ask(sim, "query($id: String!) { issue(id: $id) { identifier } }", {"id": issue["id"]})
    assert again.json["data"]["issue"]["identifier"] == "ENG-1"


def test_a_missing_issue_makes_all_data_null(sim):
    answer = ask(sim, '{ viewer { id } issue(id: "ENG-999") { id } }')
    assert answer.status == 200 and answer.json["data"] is None
    assert answer.json["errors"][0]["extensions"]["code"] == "INPUT_ERROR"


@pytest.mark.parametrize(
    "query",
    [
        "{ issues { nodes { nonsense } } }",
        "{ issues(first: 5) }",
        "{",
        '{ issues(first: "x") { nodes { id } } }',
        '{ issues(filter: {identifier: {eq: "ENG-1"}}) { nodes { id } } }',
        "mutation { issueCreate { success } }",
        "query($id: String!) { issue(id: $id) { id } }",
    ],
)
def test_a_query_against_the_schema_is_refused_and_noted(sim, query):
    answer = ask(sim, query)
    assert answer.status == 400 and answer.json["errors"]
    assert sim.journal(violations=1)


@pytest.mark.parametrize(
    "headers, status, code",
    [
        ({}, 401, "AUTHENTICATION_ERROR"),
        ({"Authorization": "nonsense"}, 401, "AUTHENTICATION_ERROR"),
        ({"Authorization": "linear-expired-token"}, 401, "AUTHENTICATION_ERROR"),
        ({"Authorization": "linear-revoked-token"}, 401, "AUTHENTICATION_ERROR"),
        ({"Authorization": "linear-wrong-scope-token"}, 403, "FORBIDDEN"),
        ({"Authorization": "Bearer linear-good-token"}, 400, "INVALID_INPUT"),
    ],
)
def test_credentials_are_refused_as_linear_does(sim, headers, status, code):
    answer = ask(sim, "{ viewer { id } }", headers=headers)
    assert (answer.status, answer.json["errors"][0]["extensions"]["code"]) == (status, code)


@pytest.mark.parametrize("first, fine", [(1, True), (250, True), (0, False), (251, False)])
def test_pages_hold_at_most_250(sim, first, fine):
    answer = ask(sim, "query($n: Int) { issues(first: $n) { nodes { id } } }", {"n": first})
    assert ("errors" not in answer.json) == fine


def test_pages_follow_each_other(sim):
    sim.control("POST", "/linear/issues", {"project": "ENG", "count": 120})
    seen, after = set(), None
    for _ in range(5):
        query = "query($a: String) { issues(first: 50, after: $a, includeArchived: true) { nodes { id } "
        answer = ask(sim, query + "pageInfo { hasNextPage endCursor } } }", {"a": after})
        page = answer.json["data"]["issues"]
        seen |= {row["id"] for row in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == 123


def test_a_filter_finds_many_by_id_and_number(sim):
    made = sim.control("POST", "/linear/issues", {"project": "OPS", "count": 2})
    ids = made["ids"]
    wanted = {"or": [{"id": {"in": ids}}, {"team": {"key": {"eq": "ENG"}}, "number": {"in": [1, 99]}}]}
    answer = ask(
        sim, "query($f: IssueFilter) { issues(filter: $f, first: 100) { nodes { id } } }", {"f": wanted}
    )
    assert len(answer.json["data"]["issues"]["nodes"]) == 3


CREATE = (
    "mutation($i: IssueCreateInput!) { issueCreate(input: $i) { success issue { id identifier title } } }"
)
TEAM = "88888888-0000-4000-8000-000000000001"
CHOSEN = "0190d000-0000-4000-8000-000000000000"


def test_a_chosen_id_makes_creation_idempotent(sim):
    one = {"i": {"teamId": TEAM, "title": "New", "id": CHOSEN}}
    first = ask(sim, CREATE, one)
    assert first.json["data"]["issueCreate"]["issue"]["id"] == CHOSEN
    assert (ask(sim, CREATE, one)).json["errors"]


@pytest.mark.parametrize(
    "values",
    [
        {"teamId": "nobody", "title": "x"},
        {"teamId": TEAM},
        {"teamId": TEAM, "title": " "},
        {"teamId": TEAM, "title": "x", "priority": 9},
        {"teamId": TEAM, "title": "x", "id": "17"},
        {"teamId": TEAM, "title": "x", "stateId": "nothing"},
        {"title": "x"},
        {"teamId": TEAM, "title": "x", "nonsense": 1},
    ],
)
def test_wrong_issues_are_not_created(sim, values):
    before = sim.control("GET", "/linear/issues")["total"]
    answer = ask(sim, CREATE, {"i": values})
    assert answer.json["errors"]
    assert sim.control("GET", "/linear/issues")["total"] == before


def test_the_same_url_is_attached_once(sim):
    query = "mutation($i: AttachmentCreateInput!) { attachmentCreate(input: $i) { attachment { id title } } }"
    one = {"issueId": "ENG-1", "url": "https://tests.example.com/1", "title": "Test"}
    first = ask(sim, query, {"i": one})
    second = ask(sim, query, {"i": one | {"title": "Changed"}})
    made = [row.json["data"]["attachmentCreate"]["attachment"] for row in (first, second)]
    assert made[0]["id"] == made[1]["id"] and made[1]["title"] == "Changed"
    found = ask(sim, 'query { attachmentsForURL(url: "https://tests.example.com/1") { nodes { id } } }')
    assert len(found.json["data"]["attachmentsForURL"]["nodes"]) == 1


def test_a_moved_issue_keeps_its_id_and_its_former_key(sim):
    moved = sim.control("POST", "/linear/issues/ENG-1/move", {"to": "OPS"})
    assert moved["key"].startswith("OPS-")
    answer = ask(sim, '{ issue(id: "ENG-1") { identifier previousIdentifiers } }')
    assert answer.json["data"]["issue"] == {"identifier": moved["key"], "previousIdentifiers": ["ENG-1"]}


def test_a_refresh_token_rotates(sim):
    form = {
        "grant_type": "refresh_token",
        "refresh_token": "linear-refresh-good",
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
    }
    first = sim.ask("POST", "/linear/oauth/token", form=form)
    assert first.status == 200 and first.json["refresh_token"] != form["refresh_token"]
    bearer = {"Authorization": "Bearer " + first.json["access_token"]}
    assert (ask(sim, "{ viewer { id } }", headers=bearer)).json["data"]["viewer"]["id"]
    again = sim.ask("POST", "/linear/oauth/token", form=form)
    assert again.status == 400 and again.json["error"] == "invalid_grant"


# -- Trash, filters, size, webhooks ----------------------------------------------------------------------


def keys(sim, filter, extra=""):
    query = (
        f"query($f: IssueFilter) {{ issues(filter: $f, first: 50{extra}) {{ "
        f"nodes {{ identifier trashed }} }} }}"
    )
    answer = ask(sim, query, {"f": filter})
    assert "errors" not in answer.json, answer.json
    return sorted(row["identifier"] for row in answer.json["data"]["issues"]["nodes"])


def test_the_deleted_lie_in_the_trash_until_it_is_emptied(sim):
    sim.control("DELETE", "/linear/issues/ENG-1")
    assert keys(sim, {"team": {"key": {"eq": "ENG"}}}) == ["ENG-2"]
    assert keys(sim, {"team": {"key": {"eq": "ENG"}}}, ", includeArchived: true") == ["ENG-1", "ENG-2"]
    assert ask(sim, '{ issue(id: "ENG-1") { trashed } }').json["data"]["issue"]["trashed"] is True
    sim.control("POST", "/linear/settings", {"purged": True})
    assert keys(sim, {}, ", includeArchived: true") == ["ENG-2", "OPS-1"]
    assert ask(sim, '{ issue(id: "ENG-1") { trashed } }').json["data"] is None


@pytest.mark.parametrize(
    "filter, found",
    [
        ({"assignee": {"email": {"eq": "bob@example.net"}}}, ["ENG-1"]),
        ({"assignee": {"null": True}}, ["ENG-2", "OPS-1"]),
        ({"labels": {"name": {"eq": "bug"}}}, ["ENG-1"]),
        ({"labels": {"some": {"name": {"in": ["ui"]}}}}, []),
        ({"priority": {"eq": 0}}, ["ENG-1", "ENG-2", "OPS-1"]),
        ({"priority": {"null": False}}, []),
        ({"state": {"type": {"nin": ["completed", "canceled"]}}}, ["ENG-1", "ENG-2"]),
        ({"title": {"containsIgnoreCase": "SLOW"}}, ["ENG-2"]),
        ({"updatedAt": {"gt": "2100-01-01T00:00:00.000Z"}}, []),
        ({"and": [{"team": {"key": {"eq": "ENG"}}}, {"number": {"gte": 2}}]}, ["ENG-2"]),
    ],
)
def test_filters(sim, filter, found):
    assert keys(sim, filter) == found


def test_form_metadata(sim):
    query = (
        "{ teams { nodes { id key name states { nodes { id name type team { key } } } "
        "labels { nodes { id name } } } } }"
    )
    teams = ask(sim, query).json["data"]["teams"]["nodes"]
    assert [row["key"] for row in teams] == ["ENG", "OPS"]
    assert {row["type"] for row in teams[1]["states"]["nodes"]} >= {"triage", "backlog", "duplicate"}
    assert teams[1]["states"]["nodes"][0]["team"]["key"] == "OPS"
    query = (
        '{ users(filter: {email: {eq: "bob@example.net"}}) { nodes { name } } issuePriorityValues { label } }'
    )
    assert ask(sim, query).json["data"]["users"]["nodes"] == [{"name": "Bob Builder"}]


def test_a_query_may_cost_ten_thousand_points(sim):
    fields = "id identifier title state { id name type } assignee { id name } labels { nodes { name } }"
    assert ask(sim, f"{{ issues(first: 100) {{ nodes {{ {fields} }} }} }}").status == 200
    answer = ask(sim, f"{{ issues(first: 250) {{ nodes {{ {fields} attachments {{ nodes {{ id }} }} }} }} }}")
    assert answer.status == 400 and "too complex" in answer.json["errors"][0]["message"]
    assert sim.journal(violations=1)


def test_limits(sim):
    headers = ask(sim, "{ viewer { id } }").headers
    assert (
        int(headers["X-RateLimit-Requests-Reset"]) > 10**12
        and headers["X-RateLimit-Complexity-Limit"] == "250000"
    )
    sim.control("POST", "/linear/budget", {"limit": 1, "enforced": True, "remaining": 1})
    assert ask(sim, "{ viewer { id } }").status == 200
    answer = ask(sim, "{ viewer { id } }")
    assert (answer.status, answer.json["errors"][0]["extensions"]["type"]) == (400, "ratelimited")


def test_webhooks_made_by_the_api(sim):
    with Receiver() as receiver:
        query = (
            "mutation($i: WebhookCreateInput!) { webhookCreate(input: $i) { webhook { id secret enabled } } }"
        )
        one = {"url": receiver.url, "resourceTypes": ["Issue"], "teamId": TEAM, "secret": "s3cret"}
        made = ask(sim, query, {"i": one}).json["data"]["webhookCreate"]["webhook"]
        sim.control("PATCH", "/linear/issues/OPS-1", {"title": "Other team"})
        sim.control("POST", "/linear/issues/ENG-1/comments", {"body": "Other kind"})
        sim.control("PATCH", "/linear/issues/ENG-1", {"status": "Done"})
        got = receiver.next()
        assert got.signed_by("s3cret", "Linear-Signature", "") and got.headers["Linear-Event"] == "Issue"
        body = got.json
        assert (body["action"], body["type"], body["webhookId"]) == ("update", "Issue", made["id"])
        assert body["data"]["state"]["type"] == "completed" and body["webhookTimestamp"] > 10**12
        assert "status" not in body["updatedFrom"] and body["updatedFrom"]["stateId"]
        assert receiver.none_left()
        assert ask(sim, query, {"i": one | {"teamId": None}}).json["errors"]
        assert ask(sim, query, {"i": one | {"resourceTypes": ["Nonsense"]}}).json["errors"]
        query = "mutation($id: String!) { webhookDelete(id: $id) { success } }"
        assert ask(sim, query, {"id": made["id"]}).json["data"]["webhookDelete"]["success"]
        assert ask(sim, "{ webhooks { nodes { id } } }").json["data"]["webhooks"]["nodes"] == []


def test_comments_are_told_too(sim):
    with Receiver() as receiver:
        sim.control("POST", "/linear/webhooks", {"url": receiver.url, "secret": "s"})
        query = 'mutation { commentCreate(input: {issueId: "ENG-1", body: "Hello"}) { comment { id url } } }'
        assert ask(sim, query).json["data"]["commentCreate"]["comment"]["url"]
        body = receiver.next().json
        assert (body["type"], body["data"]["body"]) == ("Comment", "Hello")


def test_a_renamed_team_keeps_old_identifiers(sim):
    sim.control("PATCH", "/linear/projects/ENG", {"key": "CORE"})
    issue = ask(sim, '{ issue(id: "ENG-1") { identifier previousIdentifiers } }').json["data"]["issue"]
    assert issue == {"identifier": "CORE-1", "previousIdentifiers": ["ENG-1"]}
