# SPDX-License-Identifier: Apache-2.0
"""Azure DevOps work items: reading many, rules of writing, links, moves, revisions."""

from __future__ import annotations

import re

import pytest

from conftest import basic
from vendor import Vendor, assert_honest, violation

V = "api-version=7.1"
PATCH = {"Content-Type": "application/json-patch+json"}
FIBER = "/Fabrikam%20Fiber/_apis/wit"


@pytest.fixture
def ado(sim):
    yield Vendor(sim, "/ado/fabrikam", basic("", "ado-good-token"))
    assert_honest(sim)


def patch(ado, id, *ops, query=V):
    return ado.ask("PATCH", f"/_apis/wit/workitems/{id}?{query}", list(ops), PATCH)


def create(ado, kind, *ops, project="Fabrikam%20Fiber", query=V):
    return ado.ask("POST", f"/{project}/_apis/wit/workitems/${kind}?{query}", list(ops), PATCH)


def put(path, value, op="add"):
    return {"op": op, "path": path, "value": value}


def link(url, comment="test"):
    return put("/relations/-", {"rel": "Hyperlink", "url": url, "attributes": {"comment": comment}})


def batch(ado, ids, path="", **more):
    return ado.post(f"{path}/_apis/wit/workitemsbatch?{V}", {"ids": ids, **more})


def key_of(reply):
    return reply.status, reply.json["typeKey"]


def test_one_item(ado):
    item = ado.get(f"/_apis/wit/workitems/1?{V}").json
    fields = item["fields"]
    assert (item["id"], item["rev"]) == (1, 1)
    assert (fields["System.Title"], fields["System.State"], fields["System.WorkItemType"]) == (
        "Checkout fails",
        "New",
        "Bug",
    )
    assert fields["System.AssignedTo"]["uniqueName"] == "alice@example.net"
    assert fields["System.Tags"] == "shop; urgent" and fields["Microsoft.VSTS.Common.Priority"] == 2
    assert item["url"] == f"http://{ado.sim.host}/ado/fabrikam/_apis/wit/workItems/1"
    assert "_links" in item and "relations" not in item
    short = ado.get(f"/_apis/wit/workItems/1?fields=System.Id,System.State&{V}").json
    assert short["fields"] == {"System.Id": 1, "System.State": "New"} and "_links" not in short
    assert ado.get(f"{FIBER}/workitems/1?{V}").json["id"] == 1
    assert key_of(ado.get(f"/Web/_apis/wit/workitems/1?{V}")) == (404, "WorkItemUnauthorizedAccessException")
    assert "TF200016" in ado.get(f"/None/_apis/wit/workitems/1?{V}").json["message"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", fields["System.ChangedDate"])


def test_fields_and_expand_exclude_each_other(ado):
    assert key_of(ado.get(f"/_apis/wit/workitems/1?fields=System.Id&$expand=relations&{V}")) == (
        400,
        "ConflictingParametersException",
    )
    assert (
        ado.get(f"/_apis/wit/workitems/1?fields=System.Nope&{V}").json["message"]
        == "TF51535: Cannot find field System.Nope."
    )
    assert ado.get(f"/_apis/wit/workitems/1?$expand=everything&{V}").status == 400


def test_lost_ones_look_alike(ado):
    ado.sim.control("DELETE", "/ado/issues/1")
    ado.sim.control("PATCH", "/ado/issues/2", {"visible": False})
    for id in (1, 2, 6, 999):
        reply = ado.get(f"/_apis/wit/workitems/{id}?{V}")
        assert reply.status == 404 and reply.json["message"].startswith(
            f"TF401232: Work item {id} does not exist"
        )
    assert ado.get(f"/_apis/wit/recyclebin/1?{V}").json["name"] == "Checkout fails"
    assert [ado.get(f"/_apis/wit/recyclebin/{id}?{V}").status for id in (2, 3)] == [404, 404]


def test_batch(ado):
    made = batch(ado, [1, 4], fields=["System.Id", "System.Title"]).json
    assert made["count"] == 2 and [row["fields"]["System.Id"] for row in made["value"]] == [1, 4]
    assert key_of(batch(ado, [1, 999])) == (404, "WorkItemUnauthorizedAccessException")
    assert [row and row["id"] for row in batch(ado, [1, 999, 6, 4], errorPolicy="omit").json["value"]] == [
        1,
        None,
        None,
        4,
    ]
    ids = ado.sim.control("POST", "/ado/issues", {"project": "Web", "count": 201})["ids"]
    assert batch(ado, list(map(int, ids[:200]))).json["count"] == 200
    reply = batch(ado, list(map(int, ids)))
    assert reply.status == 400 and "exceeds the limit of 200" in reply.json["message"]
    assert ado.get(f"/_apis/wit/workitems?ids=1,4&{V}").json["count"] == 2
    assert batch(ado, [1, 4], "/Web", errorPolicy="omit").json["value"][0] is None
    assert (
        batch(ado, [1], nonsense=1).status == 400
        and batch(ado, ["x"]).status == 400
        and batch(ado, []).status == 400
    )


def test_versions(ado):
    assert key_of(ado.get("/_apis/wit/workitems/1")) == (400, "VssVersionNotSpecifiedException")
    assert key_of(ado.get("/_apis/wit/workitems/1?api-version=8.0")) == (400, "VssVersionOutOfRangeException")
    assert ado.get("/_apis/wit/workitems/1?api-version=6.0").status == 200
    assert key_of(ado.get(f"{FIBER}/workItems/1/comments?{V}")) == (400, "VssInvalidPreviewVersionException")


# -- Writing ---------------------------------------------------------------------------------------------


def test_create(ado):
    reply = create(
        ado,
        "Bug",
        put("/fields/System.Title", "Made"),
        put("/fields/System.Tags", "a; b"),
        put("/fields/System.AssignedTo", "bob@example.net"),
        put("/fields/Microsoft.VSTS.Common.Priority", 1),
        put("/fields/Microsoft.VSTS.Common.Severity", "2 - High"),
        link("https://tests.example/1"),
    )
    assert reply.status == 200 and reply.json["rev"] == 1
    fields = ado.get(f"/_apis/wit/workitems/{reply.json['id']}?{V}").json["fields"]
    assert fields["System.AssignedTo"]["displayName"] == "Bob Example" and fields["System.State"] == "New"
    assert fields["Microsoft.VSTS.Common.Severity"] == "2 - High"
    assert reply.json["relations"][0]["url"] == "https://tests.example/1" and "_links" in reply.json
    assert (
        create(ado, "Product%20Backlog%20Item", put("/fields/System.Title", "x"), project="Web").json[
            "fields"
        ]["System.State"]
        == "New"
    )
    assert (
        create(ado, "Task", put("/fields/System.Title", "x"), project="Web").json["fields"]["System.State"]
        == "To Do"
    )


@pytest.mark.parametrize(
    ("kind", "ops", "key", "text"),
    [
        ("Bug", [], "VssPropertyValidationException", "valid patch document"),
        (
            "Bug",
            [put("/fields/System.Tags", "x")],
            "RuleValidationException",
            "TF401320: Rule Error for field Title",
        ),
        ("Bug", [put("/fields/System.Title", " ")], "RuleValidationException", "Title"),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/System.State", "Done")],
            "RuleValidationException",
            "State",
        ),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/Microsoft.VSTS.Common.Priority", 9)],
            "RuleValidationException",
            "Priority",
        ),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/Nope", 9)],
            "WorkItemTrackingFieldDefinitionNotFoundException",
            "TF51535",
        ),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/System.Id", 9)],
            "RuleValidationException",
            "ReadOnly",
        ),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/System.AssignedTo", "nobody")],
            "WorkItemIdentityNotFoundException",
            "unknown identity",
        ),
        (
            "Bug",
            [put("/fields/System.Title", "x"), put("/fields/System.AreaPath", "Other")],
            "WorkItemInvalidTreeNameException",
            "TF401347",
        ),
        ("Issue", [put("/fields/System.Title", "x")], "RuleValidationException", "Impact"),
        (
            "Bug",
            [{"op": "move", "path": "/fields/System.Title", "from": "/x"}],
            "VssPropertyValidationException",
            "not supported",
        ),
        (
            "Bug",
            [{"op": "explode", "path": "/fields/System.Title"}],
            "VssPropertyValidationException",
            "valid patch",
        ),
        ("Bug", [put("/nowhere", 1)], "VssPropertyValidationException", "Unable to evaluate path"),
    ],
)
def test_create_refuses(ado, kind, ops, key, text):
    before = ado.sim.control("GET", "/ado/issues")["total"]
    reply = create(ado, kind, *ops)
    assert key_of(reply) == (400, key) and text in reply.json["message"]
    assert ado.sim.control("GET", "/ado/issues")["total"] == before


def test_create_needs_the_right_address_and_kind_of_body(ado):
    assert key_of(create(ado, "Epic", put("/fields/System.Title", "x"))) == (
        404,
        "WorkItemTypeNotFoundException",
    )
    assert ado.post(f"{FIBER}/workitems/$Bug?{V}", [put("/fields/System.Title", "x")]).status == 415
    assert (
        ado.ask("POST", f"{FIBER}/workitems/%24Bug?{V}", [put("/fields/System.Title", "x")], PATCH).status
        == 200
    )


def test_validate_only_changes_nothing(ado):
    before = ado.sim.control("GET", "/ado/issues")["total"]
    reply = create(ado, "Bug", put("/fields/System.Title", "Dry"), query=V + "&validateOnly=true")
    assert reply.status == 200 and reply.json["fields"]["System.Title"] == "Dry"
    assert create(ado, "Bug", put("/fields/System.Tags", "x"), query=V + "&validateOnly=true").status == 400
    assert patch(ado, 1, put("/fields/System.Title", "Dry"), query=V + "&validateOnly=true").json["rev"] == 1
    assert ado.sim.control("GET", "/ado/issues")["total"] == before


def test_the_same_hyperlink_twice_is_refused(ado):
    first = patch(ado, 1, link("https://tests.example/1"))
    assert first.status == 200 and first.json["rev"] == 2
    assert first.json["relations"][0]["attributes"]["comment"] == "test"
    assert patch(ado, 1, link("https://TESTS.example/1", "other")).status == 400
    assert patch(ado, 1, link("no url")).status == 400
    assert len(ado.get(f"/_apis/wit/workitems/1?$expand=relations&{V}").json["relations"]) == 1
    ado.sim.control("POST", "/ado/settings", {"duplicate_links": "keep"})
    assert len(patch(ado, 1, link("https://tests.example/1")).json["relations"]) == 2


def test_the_revision_guards_the_index(ado):
    patch(ado, 1, link("https://tests.example/1"), link("https://tests.example/2"))
    gone = {"op": "remove", "path": "/relations/0"}
    reply = patch(ado, 1, put("/rev", 1, "test"), gone)
    assert key_of(reply) == (412, "WorkItemRevisionMismatchException")
    reply = patch(ado, 1, put("/rev", 2, "test"), gone)
    assert [row["url"] for row in reply.json["relations"]] == ["https://tests.example/2"]
    assert patch(ado, 1, {"op": "remove", "path": "/relations/7"}).status == 400


def test_edit_is_all_or_nothing(ado):
    reply = patch(ado, 1, put("/fields/System.State", "Closed"), put("/fields/System.AssignedTo", ""))
    assert (
        reply.json["fields"]["System.State"] == "Closed" and "System.AssignedTo" not in reply.json["fields"]
    )
    assert (
        patch(ado, 1, put("/fields/System.Title", "New"), put("/fields/System.State", "Nope")).status == 400
    )
    assert ado.get(f"/_apis/wit/workitems/1?{V}").json["fields"]["System.Title"] == "Checkout fails"
    assert patch(ado, 999, put("/fields/System.Title", "x")).status == 404


def test_the_id_survives_a_move(ado):
    reply = patch(
        ado,
        2,
        put("/fields/System.TeamProject", "Web"),
        put("/fields/System.AreaPath", "Web"),
        put("/fields/System.IterationPath", "Web"),
        put("/fields/System.WorkItemType", "Product Backlog Item"),
    )
    assert reply.status == 200, reply.raw
    fields = ado.get(f"/_apis/wit/workitems/2?{V}").json["fields"]
    assert (fields["System.TeamProject"], fields["System.WorkItemType"]) == ("Web", "Product Backlog Item")
    moved = ado.sim.control("POST", "/ado/issues/1/move", {"to": "Web"})
    assert (moved["id"], moved["project"], moved["previous_keys"]) == ("1", "Web", [])
    ado.sim.control("PATCH", "/ado/projects/Web", {"key": "Site"})
    assert ado.get(f"/_apis/wit/workitems/1?{V}").json["fields"]["System.TeamProject"] == "Site"


def test_comments(ado):
    place, version = f"{FIBER}/workItems/1/comments", "api-version=7.1-preview.4"
    made = [ado.post(f"{place}?{version}", {"text": f"Comment {n}"}).json for n in range(3)]
    rows = ado.get(f"{place}?{version}&$top=2").json
    assert [row["id"] for row in rows["comments"]] == [made[2]["id"], made[1]["id"]] and rows[
        "totalCount"
    ] == 3
    rest = ado.get(f"{place}?{version}&$top=2&continuationToken={rows['continuationToken']}").json
    assert [row["id"] for row in rest["comments"]] == [made[0]["id"]]
    assert ado.get(f"{place}?{version}&ids={made[1]['id']}").json["count"] == 1
    assert ado.post(f"{place}?{version}", {"text": " "}).status == 400
    assert ado.post(f"{place}?{version}", {"text": "x", "nope": 1}).status == 400


# -- Finding ---------------------------------------------------------------------------------------------


def test_revisions_since(ado):
    place = "/_apis/wit/reporting/workitemrevisions"
    first = ado.get(f"{place}?fields=System.Id,System.State,System.ChangedDate&$maxPageSize=4&{V}").json
    assert len(first["values"]) == 4 and not first["isLastBatch"]
    rest = ado.follow(first["nextLink"]).json
    assert [row["id"] for row in first["values"] + rest["values"]] == [1, 2, 3, 4, 5] and rest["isLastBatch"]
    assert ado.follow(rest["nextLink"]).json["values"] == []
    ado.sim.control("PATCH", "/ado/issues/2", {"status": "Resolved"})
    ado.sim.control("PATCH", "/ado/issues/2", {"status": "Closed"})
    again = ado.follow(rest["nextLink"]).json
    assert [(row["id"], row["rev"], row["fields"]["System.State"]) for row in again["values"]] == [
        (2, 2, "Resolved"),
        (2, 3, "Closed"),
    ]
    assert again["values"][0]["fields"]["System.CreatedBy"] == "Alice Example <alice@example.net>"
    token = rest["continuationToken"]
    latest = ado.get(f"{place}?continuationToken={token}&includeLatestOnly=true&{V}").json["values"]
    assert [row["rev"] for row in latest] == [3]
    ado.sim.control("DELETE", "/ado/issues/2")
    assert ado.get(f"{place}?continuationToken={token}&{V}").json["values"] == []
    gone = ado.get(f"{place}?continuationToken={token}&includeDeleted=true&{V}").json["values"]
    assert gone[-1]["fields"]["System.IsDeleted"] is True
    assert ado.get(f"{place}?continuationToken=xyz&{V}").status == 400
    assert ado.get(f"{place}?startDateTime=2100-01-01T00:00:00Z&{V}").json["values"] == []
    assert {row["id"] for row in ado.get(f"/Web{place}?{V}").json["values"]} == {4, 5}


def wiql(ado, where, path="/Fabrikam%20Fiber", query=""):
    text = f"SELECT [System.Id] FROM WorkItems WHERE {where}"
    reply = ado.post(f"{path}/_apis/wit/wiql?{V}{query}", {"query": text})
    return [row["id"] for row in reply.json["workItems"]] if reply.status == 200 else reply


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("[System.TeamProject]=@project ORDER BY [System.Id] DESC", [3, 2, 1]),
        ("[System.Title] CONTAINS WORDS 'dark mode'", [2]),
        ("[System.Title] CONTAINS 'HECKOU'", [1]),
        ("[System.State] IN ('Active','Removed') AND NOT [System.Id] = 2", [3]),
        ("[System.AssignedTo] = @me", [1]),
        ("[System.AssignedTo] = 'alice@example.net'", [1]),
        (
            "([System.Id] < 3 OR [System.WorkItemType] = 'Task') AND [System.State] <> 'Active' "
            "ORDER BY [System.Title] DESC",
            [5, 1],
        ),
        ("[System.ChangedDate] >= '2100-01-01'", []),
        ("[System.Tags] CONTAINS 'urgent'", [1]),
        ("[System.AreaPath] UNDER 'Fabrikam Fiber' AND [Microsoft.VSTS.Common.Priority] = 1", [2]),
    ],
)
def test_wiql(ado, where, ids):
    assert wiql(ado, where) == ids


def test_wiql_refuses(ado):
    for where in (
        "[System.Title] LIKE 'x'",
        "[System.Title] = x",
        "[System.Nope] = 'x'",
        "[System.Title] = 'x' ORDER [System.Id]",
    ):
        assert wiql(ado, where).status == 400
    assert "TF51006" in wiql(ado, "[System.Title] = 'it's'").json["message"]
    assert wiql(ado, "[System.Title] = 'it''s'") == []
    assert wiql(ado, "[System.TeamProject] = @project", "").status == 400
    assert len(wiql(ado, "[System.Id] > 0", query="&$top=2")) == 2
    assert ado.post(f"/_apis/wit/wiql?{V}", {"query": "DELETE"}).status == 400


def search(ado, text, host="/ado-search/fabrikam", **more):
    vendor = Vendor(ado.sim, host, ado.headers)
    return vendor.post(
        f"/_apis/search/workitemsearchresults?{V}", {"searchText": text, "$skip": 0, "$top": 10, **more}
    )


def test_search_is_on_another_host(ado):
    made = search(ado, "checkout").json
    assert made["count"] == 1 and made["results"][0]["fields"]["system.id"] == "1"
    assert made["results"][0]["fields"]["system.assignedto"] == "Alice Example <alice@example.net>"
    assert search(ado, "is slow", filters={"System.TeamProject": ["Fabrikam Fiber"]}).json["count"] == 0
    assert search(ado, "x", **{"$top": 0}).status == 400 and search(ado, "").status == 400
    assert search(ado, "x", filters={"System.Title": ["x"]}).status == 400
    assert search(ado, "checkout", "/ado/fabrikam").json["count"] == 1
    ado.sim.control("POST", "/ado/settings", {"search_feature": False})
    assert search(ado, "checkout").status == 404
    assert not violation(ado.sim)
