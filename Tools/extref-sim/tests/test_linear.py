# SPDX-License-Identifier: Apache-2.0
"""Linear refuses what Linear refuses, and answers what its SDL promises."""

import pytest

KEY = {"Authorization": "linear-good-token"}


def ask(sim, query, variables=None, headers=None):
    body = {"query": query} | ({"variables": variables} if variables else {})
    return sim.ask("POST", "/linear/graphql", body, KEY if headers is None else headers)


def test_an_issue_is_read_by_id_and_by_key(sim):
    answer = ask(sim, '{ issue(id: "ENG-1") { id identifier title state { name type } assignee { name } } }')
    issue = answer.json["data"]["issue"]
    assert (issue["title"], issue["state"]["type"], issue["assignee"]["name"]) == (
        "Checkout fails", "unstarted", "Bob Builder")
    again = ask(sim, "query($id: String!) { issue(id: $id) { identifier } }", {"id": issue["id"]})
    assert again.json["data"]["issue"]["identifier"] == "ENG-1"


def test_a_missing_issue_makes_all_data_null(sim):
    answer = ask(sim, '{ viewer { id } issue(id: "ENG-999") { id } }')
    assert answer.status == 200 and answer.json["data"] is None
    assert answer.json["errors"][0]["extensions"]["code"] == "INPUT_ERROR"


@pytest.mark.parametrize("query", [
    "{ issues { nodes { nonsense } } }", "{ issues(first: 5) }", "{", "{ issues(first: \"x\") { nodes { id } } }",
    "{ issues(filter: {identifier: {eq: \"ENG-1\"}}) { nodes { id } } }", "mutation { issueCreate { success } }",
    "query($id: String!) { issue(id: $id) { id } }",
])
def test_a_query_against_the_schema_is_refused_and_noted(sim, query):
    answer = ask(sim, query)
    assert answer.status == 400 and answer.json["errors"]
    assert sim.journal(violations=1)


@pytest.mark.parametrize("headers, status, code", [
    ({}, 401, "AUTHENTICATION_ERROR"), ({"Authorization": "nonsense"}, 401, "AUTHENTICATION_ERROR"),
    ({"Authorization": "linear-expired-token"}, 401, "AUTHENTICATION_ERROR"),
    ({"Authorization": "linear-revoked-token"}, 401, "AUTHENTICATION_ERROR"),
    ({"Authorization": "linear-wrong-scope-token"}, 403, "FORBIDDEN"),
    ({"Authorization": "Bearer linear-good-token"}, 400, "INVALID_INPUT"),
])
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
    answer = ask(sim, "query($f: IssueFilter) { issues(filter: $f, first: 100) { nodes { id } } }",
                       {"f": wanted})
    assert len(answer.json["data"]["issues"]["nodes"]) == 3


CREATE = "mutation($i: IssueCreateInput!) { issueCreate(input: $i) { success issue { id identifier title } } }"
TEAM = "88888888-0000-4000-8000-000000000001"
CHOSEN = "0190d000-0000-4000-8000-000000000000"


def test_a_chosen_id_makes_creation_idempotent(sim):
    one = {"i": {"teamId": TEAM, "title": "New", "id": CHOSEN}}
    first = ask(sim, CREATE, one)
    assert first.json["data"]["issueCreate"]["issue"]["id"] == CHOSEN
    assert (ask(sim, CREATE, one)).json["errors"]


@pytest.mark.parametrize("values", [
    {"teamId": "nobody", "title": "x"}, {"teamId": TEAM}, {"teamId": TEAM, "title": " "},
    {"teamId": TEAM, "title": "x", "priority": 9}, {"teamId": TEAM, "title": "x", "id": "17"},
    {"teamId": TEAM, "title": "x", "stateId": "nothing"}, {"title": "x"},
    {"teamId": TEAM, "title": "x", "nonsense": 1},
])
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
    assert answer.json["data"]["issue"] == {
        "identifier": moved["key"], "previousIdentifiers": ["ENG-1"]}


def test_a_refresh_token_rotates(sim):
    form = {"grant_type": "refresh_token", "refresh_token": "linear-refresh-good",
            "client_id": "sim-client", "client_secret": "sim-client-secret"}
    first = sim.ask("POST", "/linear/oauth/token", form=form)
    assert first.status == 200 and first.json["refresh_token"] != form["refresh_token"]
    bearer = {"Authorization": "Bearer " + first.json["access_token"]}
    assert (ask(sim, "{ viewer { id } }", headers=bearer)).json["data"]["viewer"]["id"]
    again = sim.ask("POST", "/linear/oauth/token", form=form)
    assert again.status == 400 and again.json["error"] == "invalid_grant"
