# SPDX-License-Identifier: Apache-2.0
"""GitLab's GraphQL: batches over projects, the status widget, the cap."""

from __future__ import annotations

import pytest

from vendor import Vendor, assert_honest

BATCH = (
    'p%d: project(fullPath:"%s"){ issues(iids:[%s]){ nodes{ iid title state webUrl updatedAt '
    "assignees{nodes{username}} labels{nodes{title}} } } }"
)
WORK_ITEM = """query($path:ID!,$iid:String!){ namespace(fullPath:$path){ workItem(iid:$iid){ id iid title
state webUrl
  closedAt workItemType{name} widgets{ __typename ... on WorkItemWidgetStatus{ status{ id name category } }
  ... on WorkItemWidgetAssignees { assignees { nodes { id username name } } }
  ... on WorkItemWidgetLabels { labels { nodes { title } } } } } } }"""


@pytest.fixture
def graph(sim):
    yield Vendor(sim, "/gitlab/api/graphql", {"PRIVATE-TOKEN": "gitlab-good-token"})
    assert_honest(sim)


def ask(graph, query, **variables):
    reply = graph.post("", {"query": query, "variables": variables})
    assert reply.status == 200, reply.raw
    return reply.json


def batch(*projects):
    return "{ " + " ".join(BATCH % (n, path, '"1","2","77"') for n, path in enumerate(projects)) + " }"


def test_a_batch_over_projects(graph):
    made = ask(graph, batch("team/app", "team/web", "team/none"))
    assert [row["iid"] for row in made["data"]["p0"]["issues"]["nodes"]] == ["2", "1"]
    assert made["data"]["p1"]["issues"]["nodes"][0]["assignees"]["nodes"] == [
        {"username": "bob"},
        {"username": "carol"},
    ]
    assert made["data"]["p2"] is None and "errors" not in made


def test_ten_projects_fit_and_eleven_do_not(graph):
    assert "data" in ask(graph, batch(*["team/app"] * 10))
    made = ask(graph, batch(*["team/app"] * 11))
    assert "exceeds max complexity of 250" in made["errors"][0]["message"] and "data" not in made
    assert graph.sim.journal(violations=1)


def test_work_items_show_the_custom_status(graph):
    item = ask(graph, WORK_ITEM, path="team/app", iid="2")["data"]["namespace"]["workItem"]
    widgets = {row["__typename"]: row for row in item["widgets"]}
    assert widgets["WorkItemWidgetStatus"]["status"]["name"] == "In progress"
    assert widgets["WorkItemWidgetStatus"]["status"]["category"] == "IN_PROGRESS"
    assert item["state"] == "OPEN" and item["webUrl"].endswith("/gitlab/team/app/-/work_items/2")
    assert item["workItemType"] == {"name": "Issue"}
    graph.sim.control("POST", "/gitlab/settings", {"status_category_case": "lower"})
    item = ask(graph, WORK_ITEM, path="team/app", iid="3")["data"]["namespace"]["workItem"]
    assert item["state"] == "CLOSED" and "canceled" in str(item["widgets"])
    graph.sim.control("POST", "/gitlab/settings", {"premium": False})
    assert "Status" not in str(ask(graph, WORK_ITEM, path="team/app", iid="3"))
    assert ask(graph, WORK_ITEM, path="team/app", iid="99")["data"]["namespace"]["workItem"] is None
    assert ask(graph, WORK_ITEM, path="nowhere", iid="1")["data"]["namespace"] is None


def test_where_a_moved_issue_went(graph):
    graph.sim.control("POST", "/gitlab/issues/team%2Fapp%231/move", {"to": "team/web"})
    text = (
        '{ project(fullPath:"team/app"){ issue(iid:"1"){ state moved '
        "movedTo{ webUrl reference(full:true) } } } }"
    )
    issue = ask(graph, text)["data"]["project"]["issue"]
    assert issue["state"] == "closed" and issue["moved"] and issue["movedTo"]["reference"] == "team/web#2"
    graph.sim.control("PATCH", "/gitlab/projects/team%2Fweb", {"visible": False})
    assert ask(graph, text)["data"]["project"]["issue"]["movedTo"] is None


def test_pages_and_ids(graph):
    graph.sim.control("POST", "/gitlab/issues", {"project": "team/app", "count": 120})
    text = (
        'query($a:String){ project(fullPath:"team/app"){ issues(after:$a){ count '
        "pageInfo{hasNextPage endCursor} nodes{id} } } }"
    )
    first = ask(graph, text)["data"]["project"]["issues"]
    assert first["count"] == 124 and len(first["nodes"]) == 100
    rest = ask(graph, text, a=first["pageInfo"]["endCursor"])["data"]["project"]["issues"]
    assert len(rest["nodes"]) == 24 and not rest["pageInfo"]["hasNextPage"]
    assert ask(graph, "query($i:IssueID!){ issue(id:$i){ id } }", i=first["nodes"][0]["id"])["data"]["issue"]
    assert "not a valid GitLab ID" in str(ask(graph, '{ issue(id:"7"){ id } }'))


def test_refusals(graph):
    for query in ("{ nonsense }", "{ project ", "query($x:ID!){ project(fullPath:$x){ id } }"):
        made = ask(graph, query)
        assert made["errors"] and "data" not in made
    assert (
        graph.as_(PRIVATE_TOKEN="gitlab-wrong-scope-token")
        .post("", {"query": "{ metadata{version} }"})
        .status
        == 403
    )
    assert graph.as_(PRIVATE_TOKEN="unheard-of").post("", {"query": "{ metadata{version} }"}).status == 401
    nobody = graph.as_(PRIVATE_TOKEN=None).post(
        "", {"query": '{ project(fullPath:"team/app"){ id } currentUser{ id } }'}
    )
    assert nobody.json == {"data": {"project": None, "currentUser": None}}


def test_throttled_graphql_is_html_without_headers(graph):
    graph.sim.control("POST", "/gitlab/budget", {"limit": 0, "enforced": True})
    reply = graph.post("", {"query": "{ metadata{version} }"})
    assert reply.status == 429 and reply.headers["Content-Type"].startswith("text/html")
    assert "Retry-After" not in reply.headers
