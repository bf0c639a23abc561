# SPDX-License-Identifier: Apache-2.0
"""The GraphQL half of the core, on a small schema: every stage refuses by itself."""

from __future__ import annotations

import pytest

from extref_sim.contract import GraphQLContract

SDL = """
scalar DateTime
interface Node { id: ID! }
type Issue implements Node { id: ID!  number: Int!  title: String! }
type Pull implements Node { id: ID!  draft: Boolean! }
union Either = Issue | Pull
input Filter { number: Int!  since: DateTime }
type Query { either(number: Int!): Either  issues(filter: Filter): [Issue!]!  sure: Issue! }
"""


@pytest.fixture
def contract():
    made = GraphQLContract("none.graphql", SDL)
    made.load(None)
    attached = made.attached(
        {
            "Query.either": lambda root, info, number: {
                1: {"__typename": "Issue", "id": "i1", "number": 1, "title": "One"},
                2: {"__typename": "Pull", "id": "p2", "draft": True},
            }.get(number),
            "Query.issues": lambda root, info, filter=None: [
                {"id": "i1", "number": 1, "title": info.context}
            ],
            "Query.sure": lambda root, info: None,
        }
    )
    return attached


def test_executes_with_field_selection_and_unions(contract):
    text = """query($n: Int!) { a: either(number: $n) { __typename ... on Issue { title } }
                                b: either(number: 2) { ... on Pull { draft } } }"""
    outcome = contract.run({"query": text, "variables": {"n": 1}})
    assert outcome.stage == "ok"
    assert outcome.data == {"a": {"__typename": "Issue", "title": "One"}, "b": {"draft": True}}


def test_hands_the_context_to_resolvers(contract):
    assert contract.run({"query": "{ issues { title } }"}, "ctx").data == {"issues": [{"title": "ctx"}]}


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        (None, "request"),
        ({"query": 5}, "request"),
        ({"query": "{ sure { id } }", "variables": []}, "request"),
        ({"query": "query A { sure { id } } query B { sure { id } }"}, "request"),
        ({"query": "{ sure { id }"}, "parse"),
        ({"query": "{ sure { } }"}, "parse"),
        ({"query": "{ sure { nope } }"}, "validate"),
        ({"query": "{ sure }"}, "validate"),
        ({"query": "{ either { __typename } }"}, "validate"),
        (
            {"query": "query($n: String!) { either(number: $n) { __typename } }", "variables": {"n": "1"}},
            "validate",
        ),
        ({"query": "query($n: Int!) { either(number: $n) { __typename } }"}, "variables"),
        (
            {"query": "query($n: Int!) { either(number: $n) { __typename } }", "variables": {"n": "1"}},
            "variables",
        ),
        (
            {"query": "query($f: Filter) { issues(filter: $f) { id } }", "variables": {"f": {"nr": 1}}},
            "variables",
        ),
        ({"query": "{ issues { id } }", "variables": {"unused": 1}}, "variables"),
        ({"query": "{ sure { id } }"}, "execute"),
    ],
)
def test_every_stage_refuses(contract, body, stage):
    outcome = contract.run(body)
    assert outcome.stage == stage
    assert outcome.errors


def test_a_resolver_for_an_unknown_field_is_our_mistake(tmp_path):
    (tmp_path / "x.graphql").write_text(SDL)
    made = GraphQLContract("x.graphql")
    made.load(tmp_path)
    with pytest.raises(LookupError):
        made.attached({"Query.missing": lambda root, info: None})
