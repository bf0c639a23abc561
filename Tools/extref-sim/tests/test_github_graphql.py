# SPDX-License-Identifier: Apache-2.0
"""GitHub's GraphQL: the batch by aliases, lost ones beside found ones, refusals in a 200."""

from __future__ import annotations

import pytest

from vendor import Vendor, assert_honest

BATCH = """
query($o0:String!,$r0:String!){ rateLimit{cost remaining resetAt}
 r0: repository(owner:$o0,name:$r0){ nameWithOwner %s } }
"""
ITEM = """i%d: issueOrPullRequest(number:%d){ __typename
  ... on Issue {id number title issueState: state stateReason(enableDuplicate:true) url updatedAt
                assignees(first:10){nodes{login name}} labels(first:20){nodes{name}}}
  ... on PullRequest {id number title prState: state isDraft merged url updatedAt
                assignees(first:10){nodes{login name}} labels(first:20){nodes{name}}} }"""


@pytest.fixture
def graph(sim):
    yield Vendor(sim, "/github/api/graphql", {"Authorization": "Bearer github-good-token"})
    assert_honest(sim)


def ask(graph, query, **variables):
    reply = graph.post("", {"query": query, "variables": variables})
    assert reply.status == 200, reply.raw
    return reply.json


def batch(graph, *numbers, repo="app"):
    return ask(graph, BATCH % " ".join(ITEM % (n, n) for n in numbers), o0="acme", r0=repo)


def test_the_batch(graph):
    made = batch(graph, 1, 4)
    repo = made["data"]["r0"]
    assert repo["nameWithOwner"] == "acme/app" and "errors" not in made
    assert repo["i1"]["issueState"] == "OPEN" and repo["i1"]["labels"]["nodes"] == [{"name": "bug"}]
    assert repo["i1"]["url"].endswith("/github/acme/app/issues/1")
    assert (repo["i4"]["prState"], repo["i4"]["merged"]) == ("MERGED", True)
    assert made["data"]["rateLimit"]["remaining"] < 5000


def test_a_hundred_in_one_request(graph):
    graph.sim.control("POST", "/github/issues", {"project": "acme/app", "count": 100})
    made = batch(graph, *range(1, 101))
    assert len([value for value in made["data"]["r0"].values() if isinstance(value, dict)]) == 100


def test_lost_ones_are_null_beside_the_others(graph):
    graph.sim.control("DELETE", "/github/issues/acme%2Fapp%231")
    graph.sim.control("PATCH", "/github/issues/acme%2Fapp%232", {"visible": False})
    made = batch(graph, 1, 2, 3, 99)
    repo = made["data"]["r0"]
    assert [repo[f"i{n}"] for n in (1, 2, 99)] == [None] * 3 and repo["i3"]["title"] == "Old idea"
    assert [error["type"] for error in made["errors"]] == ["NOT_FOUND"] * 3
    assert made["errors"][0]["path"] == ["r0", "i1"]
    assert (
        made["errors"][0]["message"] == "Could not resolve to an issue or pull request with the number of 1."
    )


def test_an_unknown_repository_is_null(graph):
    made = batch(graph, 1, repo="none")
    assert made["data"]["r0"] is None and made["errors"][0]["type"] == "NOT_FOUND"


def test_a_renamed_repository_shows_its_new_name(graph):
    graph.sim.control("PATCH", "/github/projects/acme%2Fapp", {"key": "acme/shop"})
    assert batch(graph, 1)["data"]["r0"]["nameWithOwner"] == "acme/shop"
    text = '{ repository(owner:"acme",name:"app",followRenames:false){ id } }'
    assert ask(graph, text)["errors"][0]["type"] == "NOT_FOUND"


def test_a_transferred_issue_resolves_by_its_old_number(graph):
    graph.sim.control("POST", "/github/issues/acme%2Fapp%231/move", {"to": "acme/web"})
    assert batch(graph, 1)["data"]["r0"]["i1"]["number"] == 3


def test_nodes(graph):
    id = batch(graph, 1)["data"]["r0"]["i1"]["id"]
    text = "query($ids:[ID!]!){ nodes(ids:$ids){ __typename ... on Issue { number } } }"
    made = ask(graph, text, ids=[id, "I_none"])
    assert made["data"]["nodes"] == [{"__typename": "Issue", "number": 1}, None]
    assert made["errors"][0]["type"] == "NOT_FOUND"
    assert "more than 100" in ask(graph, text, ids=[id] * 101)["errors"][0]["message"]


def test_resource_by_url(graph):
    text = "query($u:URI!){ resource(url:$u){ __typename ... on Issue { number } } }"
    url = f"http://{graph.sim.host}/github/acme/app/issues/1#issuecomment-1"
    assert ask(graph, text, u=url)["data"]["resource"] == {"__typename": "Issue", "number": 1}
    assert ask(graph, text, u="https://elsewhere.example/x")["data"]["resource"] is None


def test_paging_rules(graph):
    text = (
        '{ repository(owner:"acme",name:"app"){ '
        "issues%s { totalCount pageInfo{hasNextPage endCursor} nodes{number} } } }"
    )
    assert ask(graph, text % "")["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    assert ask(graph, text % "(first:101)")["errors"][0]["type"] == "EXCESSIVE_PAGINATION"
    first = ask(graph, text % "(first:2)")["data"]["repository"]["issues"]
    assert first["totalCount"] == 3 and first["pageInfo"]["hasNextPage"]
    rest = ask(graph, text % f'(first:2,after:"{first["pageInfo"]["endCursor"]}")')["data"]["repository"][
        "issues"
    ]
    assert [row["number"] for row in first["nodes"] + rest["nodes"]] == [1, 2, 3]
    assert not rest["pageInfo"]["hasNextPage"]


def test_delta_by_filter(graph):
    text = (
        'query($s:DateTime!){ repository(owner:"acme",name:"app"){ issues(first:10,filterBy:{since:$s},'
        "orderBy:{field:UPDATED_AT,direction:ASC}){ nodes{number} } } }"
    )
    assert ask(graph, text, s="2100-01-01T00:00:00Z")["data"]["repository"]["issues"]["nodes"] == []


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (b"{", 400, "Problems parsing JSON"),
        ({}, 400, "A query attribute must be specified and must be a string."),
        ({"query": "{ viewer { nonsense } }"}, 200, "Cannot query field 'nonsense'"),
        (
            {
                "query": '{ repository(owner:"acme",name:"app"){ '
                "issueOrPullRequest(number:1){ ... on Issue { state } "
                "... on PullRequest { state } } } }"
            },
            200,
            "conflict",
        ),
        ({"query": "{ viewer "}, 200, "Syntax Error"),
        ({"query": "query($n:Int!){ rateLimit { cost } }", "variables": {"n": 1}}, 200, "never used"),
    ],
)
def test_refusals(graph, body, status, text):
    reply = graph.post("", body)
    assert reply.status == status
    assert text in str(reply.json) and "data" not in reply.json
    assert graph.sim.journal(violations=1)


def test_tokens(graph):
    for token in ("github-expired-token", "github-revoked-token", "unheard-of"):
        assert (
            graph.as_(Authorization=f"Bearer {token}").post("", {"query": "{ viewer { login } }"}).status
            == 401
        )
    assert graph.as_(Authorization=None).post("", {"query": "{ viewer { login } }"}).status == 401
    poor = graph.as_(Authorization="Bearer github-fine-grained-wrong-scope-token")
    made = poor.post("", {"query": '{ repository(owner:"acme",name:"app"){ issue(number:1){ id } } }'}).json
    assert made["errors"][0]["type"] == "FORBIDDEN" and made["data"] == {"repository": {"issue": None}}
    bot = graph.as_(Authorization="Bearer github-installation-good-token")
    assert (
        bot.post("", {"query": "{ viewer { login } }"}).json["data"]["viewer"]["login"] == "extref-sim[bot]"
    )


def test_search(graph):
    text = (
        "query($q:String!){ search(type:ISSUE,query:$q,first:5){ "
        "issueCount nodes{ ... on Issue { number } } } }"
    )
    made = ask(graph, text, q="checkout is:issue repo:acme/app")["data"]["search"]
    assert made == {"issueCount": 1, "nodes": [{"number": 1}]}


def test_writing(graph):
    repo = ask(graph, '{ repository(owner:"acme",name:"app"){ id labels(first:1){nodes{id}} } }')["data"][
        "repository"
    ]
    text = (
        "mutation($i:CreateIssueInput!){ createIssue(input:$i){ "
        "clientMutationId issue{ id number labels(first:9){nodes{name}} } } }"
    )
    made = ask(
        graph,
        text,
        i={
            "repositoryId": repo["id"],
            "title": "Made",
            "clientMutationId": "c1",
            "labelIds": [repo["labels"]["nodes"][0]["id"]],
        },
    )["data"]["createIssue"]
    assert made["clientMutationId"] == "c1" and made["issue"]["labels"]["nodes"] == [{"name": "bug"}]
    id = made["issue"]["id"]
    text = "mutation($i:AddCommentInput!){ addComment(input:$i){ commentEdge{ node{ body } } } }"
    assert (
        ask(graph, text, i={"subjectId": id, "body": "Hello"})["data"]["addComment"]["commentEdge"]["node"][
            "body"
        ]
        == "Hello"
    )
    text = (
        "mutation($i:CloseIssueInput!){ closeIssue(input:$i){ "
        "issue{ state stateReason(enableDuplicate:true) } } }"
    )
    closed = ask(graph, text, i={"issueId": id, "stateReason": "DUPLICATE"})["data"]["closeIssue"]["issue"]
    assert closed == {"state": "CLOSED", "stateReason": "DUPLICATE"}
    assert ask(graph, text, i={"issueId": "I_none"})["errors"][0]["type"] == "NOT_FOUND"
