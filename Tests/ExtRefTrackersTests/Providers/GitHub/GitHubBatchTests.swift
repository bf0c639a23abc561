// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct GitHubBatchTests {
    private func fetch(
        _ references: [IssueReference], _ transport: FakeTransport,
        from source: TrackerSource = GitHubSample.source()
    ) async throws(TrackerError) -> BatchOutcome {
        try await GitHubSample.runner(transport).fetchIssues(
            references, from: source, budget: GitHubSample.budget)
    }

    private static func references(_ keys: String...) -> [IssueReference] {
        keys.map { IssueReference(key: $0) }
    }

    static let closed = """
        {"id":"MDU6SXNzdWUx","number":1347,"title":"Found a bug","issueState":"CLOSED","stateReason":"NOT_PLANNED",\
        "createdAt":"2011-04-22T13:33:48Z","updatedAt":"2011-04-23T13:33:48Z","closedAt":"2011-04-24T00:00:00Z",\
        "assignees":{"nodes":[{"login":"octocat","databaseId":583231},{"login":"hubot","databaseId":2}]},\
        "labels":{"nodes":[{"name":"bug"},{"name":"easy"}]},"issueType":{"name":"Bug"},\
        "issueFieldValues":{"nodes":[{},{"name":"High","field":{"name":"Priority"}}]}}
        """

    static func pull(_ state: String, draft: Bool = false) -> String {
        """
        {"id":"PR_kwDOAJy2Ks4AAAAC","number":2,"title":"Found a bug","pullState":"\(state)","isDraft":\(draft),\
        "createdAt":"2011-04-22T13:33:48Z","updatedAt":"2011-04-23T13:33:48Z","closedAt":null,\
        "assignees":{"nodes":[{"login":"octocat","databaseId":583231},{"login":"hubot","databaseId":2}]},\
        "labels":{"nodes":[{"name":"bug"},{"name":"easy"}]}}
        """
    }

    static func answer(_ repositories: String, errors: String = "") -> String {
        "{\"data\":{\(repositories)}" + (errors.isEmpty ? "" : ",\"errors\":[\(errors)]") + "}"
    }

    @Test func `issues of one repository share one part of the question`() async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(Self.answer("")))
        _ = try await fetch(
            Self.references("o/r#12", "Acme/Shop#1", "O/R#13", "o/R#12", "acme/shop#2"), transport)
        #expect(transport.sent.count == 1)
        let request = transport.sent[0]
        #expect(request.method == .post && request.url == "https://api.github.com/graphql")
        #expect(request.headers.last == HTTPField("Content-Type", "application/json"))
        let people = "assignees(first:10){nodes{login databaseId}} labels(first:100){nodes{name}}"
        let query =
            "query($o0:String!,$n0:String!,$o1:String!,$n1:String!){r0:repository(owner:$o0,name:$n0){nameWithOwner "
            + "i12:issueOrPullRequest(number:12){...F} i13:issueOrPullRequest(number:13){...F}} "
            + "r1:repository(owner:$o1,name:$n1){nameWithOwner i1:issueOrPullRequest(number:1){...F} "
            + "i2:issueOrPullRequest(number:2){...F}}}fragment F on IssueOrPullRequest{...on Issue{id number title "
            + "issueState:state stateReason(enableDuplicate:true) createdAt updatedAt closedAt \(people) "
            + "issueType{name} issueFieldValues(first:25){nodes{...on IssueFieldSingleSelectValue{name "
            + "field{...on IssueFieldSingleSelect{name}}}}}}...on PullRequest{id number title pullState:state isDraft "
            + "createdAt updatedAt closedAt \(people)}}"
        let variables = #"{"n0":"r","n1":"Shop","o0":"o","o1":"Acme"}"#
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == #"{"query":"\#(query)","variables":\#(variables)}"#)
    }

    @Test func `both interfaces tell the same of an issue`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                Self.answer(#""r0":{"nameWithOwner":"octocat/Hello-World","i1347":\#(Self.closed)}"#)),
            GitHubSample.ok(GitHubSample.issue(state: "closed", more: GitHubSample.closedDetails)))
        let reference = IssueReference(key: "octocat/Hello-World#1347", nativeID: "MDU6SXNzdWUx")
        let batch = try await fetch([reference], transport)
        let single = try await GitHubSample.runner(transport).fetchIssue(
            reference, from: GitHubSample.source(), budget: GitHubSample.budget)
        #expect(batch.found.count == 1)
        #expect(batch.found.map { FetchOutcome.fetched($0, validator: "") } == [single])
    }

    @Test(arguments: [
        ("OPEN", "open", false, "null"), ("OPEN", "open", true, "null"), ("CLOSED", "closed", false, "null"),
        ("MERGED", "closed", false, #""2026-01-01T00:00:00Z""#),
    ])
    func `both interfaces tell the same of a pull request`(
        state: String, restState: String, draft: Bool, merged: String
    ) async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                Self.answer(
                    #""r0":{"nameWithOwner":"octocat/Hello-World","i2":\#(Self.pull(state, draft: draft))}"#)),
            GitHubSample.ok(GitHubSample.pullRequest(state: restState, draft: draft, merged: merged)))
        let reference = IssueReference(key: "octocat/Hello-World#2")
        let batch = try await fetch([reference], transport)
        let single = try await GitHubSample.runner(transport).fetchIssue(
            reference, from: GitHubSample.source(), budget: GitHubSample.budget)
        #expect(batch.found.map { FetchOutcome.fetched($0, validator: "") } == [single])
    }

    @Test func `a renamed repository is told with the new key and the old one`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                Self.answer(#""r0":{"nameWithOwner":"octocat/Hello-Moon","i1347":\#(Self.closed)}"#)))
        let outcome = try await fetch(
            [IssueReference(key: "octocat/Hello-World#1347", nativeID: "I_kwDOAAABAc4AAAAC")], transport)
        #expect(outcome.found.map(\.key) == ["octocat/Hello-Moon#1347"])
        #expect(outcome.found.first?.previousKeys == ["octocat/Hello-World#1347"])
        #expect(outcome.found.first?.formerNativeID == "I_kwDOAAABAc4AAAAC")
        #expect(outcome.notReturned.isEmpty)
    }

    @Test func `one that is missing or forbidden fails nobody else`() async throws {
        let errors =
            #"{"type":"NOT_FOUND","path":["r0","i5"],"message":"Could not resolve to an issue or pull request"},"#
            + #"{"type":"FORBIDDEN","path":["r0","i6"],"message":"x","extensions":{"saml_failure":true}},"#
            + #"{"type":"NOT_FOUND","path":["r1"],"message":"Could not resolve to a Repository"},"#
            + #"{"type":"FORBIDDEN","path":["r2"],"message":"x"}"#
        let data =
            #""r0":{"nameWithOwner":"octocat/Hello-World","i1347":\#(Self.closed),"i5":null,"i6":null},"#
            + #""r1":null,"r2":null"#
        let transport = GitHubSample.transport(GitHubSample.ok(Self.answer(data, errors: errors)))
        let asked = Self.references(
            "octocat/Hello-World#1347", "octocat/Hello-World#5", "octocat/Hello-World#6", "o/gone#1",
            "o/locked#2",
            "no key")
        let outcome = try await fetch(asked, transport)
        #expect(outcome.found.map(\.key) == ["octocat/Hello-World#1347"])
        #expect(
            outcome.refused.mapValues(\.code) == [
                asked[2]: .permissionDenied, asked[3]: .notFound, asked[4]: .permissionDenied,
                asked[5]: .invalidRequest,
            ])
        // GraphQL says "not found" of transferred issues, which the single read follows.
        #expect(outcome.notReturned == [asked[1]] && outcome.failure == nil)
    }

    @Test func `a number that was not asked for is not taken`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                Self.answer(#""r0":{"nameWithOwner":"octocat/Hello-World","i7":\#(Self.closed)}"#)))
        let outcome = try await fetch(Self.references("octocat/Hello-World#7"), transport)
        #expect(outcome.found.isEmpty && outcome.notReturned.count == 1)
    }

    @Test func `a site that does not know a field is asked again without it`() async throws {
        let refusal = """
            {"errors":[{"path":["fragment F","stateReason","enableDuplicate"],"extensions":{"code":\
            "argumentNotAccepted"},"message":"Field 'stateReason' doesn't accept argument 'enableDuplicate'"},\
            {"extensions":{"code":"undefinedField"},"message":"Field 'issueType' doesn't exist on type 'Issue'"},\
            {"extensions":{"code":"undefinedType"},"message":"No such type IssueFieldSingleSelectValue, so it can't \
            be a fragment condition"}]}
            """
        let transport = GitHubSample.transport(
            GitHubSample.ok(refusal),
            GitHubSample.ok(
                Self.answer(#""r0":{"nameWithOwner":"octocat/Hello-World","i1347":\#(Self.closed)}"#)))
        let outcome = try await fetch(
            Self.references("octocat/Hello-World#1347"), transport,
            from: GitHubSample.source(base: "https://acme.ghe.com"))
        #expect(outcome.found.count == 1)
        #expect(
            transport.sent.map(\.url) == Array(repeating: "https://api.acme.ghe.com/graphql", count: 2))
        let second = String(decoding: transport.sent.last?.body ?? [], as: UTF8.self)
        #expect(second.contains("issueState:state stateReason createdAt"))
        #expect(!second.contains("issueType") && !second.contains("issueFieldValues"))
    }

    @Test func `Enterprise Server is asked only for what all its versions know`() async throws {
        let transport = GitHubSample.transport(
            GitHubSample.ok(
                Self.answer(#""r0":{"nameWithOwner":"octocat/Hello-World","i1347":\#(Self.closed)}"#)))
        _ = try await fetch(
            Self.references("octocat/Hello-World#1347"), transport,
            from: GitHubSample.source(base: "https://git.corp.example"))
        #expect(transport.sent.map(\.url) == ["https://git.corp.example/api/graphql"])
        let question = String(decoding: transport.sent[0].body ?? [], as: UTF8.self)
        #expect(
            question.contains("issueState:state stateReason createdAt") && !question.contains("issueType"))
    }

    @Test(arguments: [
        (#"{"errors":[{"type":"RATE_LIMITED","message":"x"}]}"#, TrackerError.Code.rateLimited),
        (#"{"data":null,"errors":[{"type":"INSUFFICIENT_SCOPES","message":"x"}]}"#, .scopeMissing),
        (#"{"data":null,"errors":[{"type":"FORBIDDEN","message":"x"}]}"#, .permissionDenied),
        (
            #"{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}"#,
            .unavailable
        ),
        (
            #"{"errors":[{"extensions":{"code":"undefinedField"},"message":"Field 'title' doesn't exist"}]}"#,
            .badResponse
        ),
        (#"{"errors":[]}"#, .badResponse), ("{}", .badResponse), ("[]", .badResponse),
    ])
    func `a question refused as a whole is a typed failure`(body: String, code: TrackerError.Code) async {
        let transport = GitHubSample.transport(GitHubSample.ok(body))
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(Self.references("octocat/Hello-World#1347"), transport)
        }
        #expect(error?.code == code && transport.sent.count == 1)
    }

    @Test func `a server that refuses everything is asked a bounded number of times`() async {
        let refusal = #"{"errors":[{"message":"issueType enableDuplicate issueFieldValues createdAt"}]}"#
        let transport = FakeTransport(200, body: refusal)
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(Self.references("octocat/Hello-World#1347"), transport)
        }
        #expect(error?.code == .unavailable && transport.sent.count == 2)
    }

    @Test func `without credentials issues are read one by one`() async throws {
        let transport = GitHubSample.transport(GitHubSample.ok(GitHubSample.issue()))
        let outcome = try await fetch(
            Self.references("octocat/Hello-World#1347"), transport, from: GitHubSample.source(.none))
        #expect(outcome.found.map(\.key) == ["octocat/Hello-World#1347"])
        #expect(
            GitHubSample.lines(transport.sent) == [
                "GET https://api.github.com/repos/octocat/Hello-World/issues/1347"
            ])
    }

    @Test func `a hundred go into one call`() {
        let references = (1...250).map { IssueReference(key: "o/r#\($0)") }
        #expect(GitHubTracker().batches(of: references).map(\.count) == [100, 100, 50])
    }
}
