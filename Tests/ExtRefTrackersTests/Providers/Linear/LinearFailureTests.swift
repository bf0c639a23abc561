// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct LinearFailureTests {
    private typealias S = LinearSamples
    private typealias Answer = ScriptedAnswers.Answer

    private func failure(_ answer: ScriptedAnswers.Answer) async -> TrackerError? {
        await #expect(throws: TrackerError.self) {
            try await S.runner(ScriptedAnswers([answer])).fetchIssue(
                IssueReference(key: "ENG-12"), from: S.ready(), budget: S.budget)
        }
    }

    @Test(arguments: [
        // The message, the type, the code, the status, what it means.
        ("Entity not found: Issue", "invalid input", "INPUT_ERROR", 200, TrackerError.Code.notFound),
        ("Entity not found: Issue", "invalid input", "INPUT_ERROR", 400, .notFound),
        ("Entity not found", "", "ENTITY_NOT_FOUND", 200, .notFound),
        (
            "Authentication required, not authenticated", "authentication error", "AUTHENTICATION_ERROR", 401,
            .credentialsRejected
        ),
        (
            "Authentication required, not authenticated", "authentication error", "AUTHENTICATION_ERROR", 400,
            .credentialsRejected
        ),
        ("x", "authentication error", "", 200, .credentialsRejected),
        ("x", "", "AUTHENTICATION_ERROR", 200, .credentialsRejected),
        ("Invalid scope: `write` required", "forbidden", "FORBIDDEN", 400, .scopeMissing),
        ("Invalid scope: `write` required", "", "", 403, .scopeMissing),
        ("You do not have permission", "forbidden", "FORBIDDEN", 200, .permissionDenied),
        ("x", "feature not accessible", "FEATURE_NOT_ACCESSIBLE", 400, .permissionDenied),
        ("x", "usage limit exceeded", "USAGE_LIMIT_EXCEEDED", 400, .permissionDenied),
        ("x", "ratelimited", "RATELIMITED", 400, .rateLimited), ("x", "ratelimited", "", 200, .rateLimited),
        ("x", "", "RATELIMITED", 429, .rateLimited), ("x", "Ratelimited", "", 400, .rateLimited),
        ("x", "invalid input", "INVALID_INPUT", 400, .invalidRequest),
        ("x", "user error", "INPUT_ERROR", 200, .invalidRequest),
        ("Cannot query field", "graphql error", "GRAPHQL_VALIDATION_FAILED", 400, .invalidRequest),
        ("x", "internal error", "INTERNAL_SERVER_ERROR", 200, .unavailable),
        ("x", "lock timeout", "LOCK_TIMEOUT", 200, .unavailable),
        ("x", "network error", "", 500, .unavailable), ("x", "bootstrap error", "", 200, .unavailable),
        ("x", "other", "OTHER", 200, .badResponse), ("x", "unknown", "UNKNOWN", 400, .invalidRequest),
    ])
    func `an error means what its words say, whatever the status is`(
        message: String, type: String, code: String, status: Int, expected: TrackerError.Code
    ) async {
        let body = S.error(message, type: type, code: code, presentable: "raw \(message)")
        let failure = await failure(Answer(status: status, body: body))
        #expect(failure?.code == expected && failure?.message.contains("raw") == false)
    }

    @Test(arguments: [
        (401, "", TrackerError.Code.credentialsRejected), (403, "{}", .permissionDenied),
        (404, "", .notFound),
        (400, "nonsense", .invalidRequest), (429, "", .rateLimited), (500, "<html>", .unavailable),
        (503, "{\"errors\":[]}", .unavailable), (502, "{\"errors\":\"x\"}", .unavailable),
    ])
    func `without words the status counts`(status: Int, body: String, expected: TrackerError.Code) async {
        #expect(await failure(Answer(status: status, body: body))?.code == expected)
    }

    @Test(
        arguments: [
            (["retry-after": "90"], Duration.seconds(90)), (["retry-after": "2.5"], .milliseconds(2_500)),
            (["retry-after": "999999999"], TrackerLimits.retryAfterMax),
            (
                ["x-ratelimit-requests-remaining": "0", "x-ratelimit-requests-reset": "1784721660000"],
                .seconds(60)
            ),
            (
                [
                    "x-ratelimit-requests-remaining": "900", "x-ratelimit-requests-reset": "1784725200000",
                    "x-ratelimit-complexity-remaining": "0", "x-ratelimit-complexity-reset": "1784721780000",
                ], .seconds(180)
            ),
            (
                [
                    "x-ratelimit-requests-remaining": "900", "x-ratelimit-complexity-remaining": "90",
                    "x-ratelimit-endpoint-requests-remaining": "0",
                    "x-ratelimit-endpoint-requests-reset": "1784721620000",
                ], .seconds(20)
            ),
            (
                [
                    "x-ratelimit-requests-remaining": "0", "x-ratelimit-requests-reset": "1784721610000",
                    "x-ratelimit-complexity-remaining": "0", "x-ratelimit-complexity-reset": "1784721700000",
                ], .seconds(100)
            ),
            (["x-ratelimit-requests-remaining": "5", "x-ratelimit-requests-reset": "1784721660000"], nil),
            ([:], nil),
        ] as [([String: String], Duration?)])
    func `a limit is waited for as long as the budget that is used up says`(
        headers: [String: String], expected: Duration?
    ) async {
        let body = S.error("Rate limit exceeded", type: "ratelimited", code: "RATELIMITED")
        let failure = await failure(Answer(status: 400, headers: headers, body: body))
        #expect(failure?.code == .rateLimited && failure?.retryAfter == expected)
    }

    @Test func `a server in trouble says when to come back`() async {
        let body = S.error("x", type: "internal error", code: "INTERNAL_SERVER_ERROR")
        let failure = await failure(Answer(status: 503, headers: ["retry-after": "30"], body: body))
        #expect(failure?.code == .unavailable && failure?.retryAfter == .seconds(30))
    }

    @Test func `the error of a field that an issue can do without leaves the issue readable`() async throws {
        let body = S.error(
            "x", type: "internal error", code: "", path: "[\"issue\",\"assignee\"]",
            data: "{\"issue\":\(S.issue())}")
        let outcome = try await S.runner(ScriptedAnswers(body)).fetchIssue(
            IssueReference(key: "ENG-12"), from: S.ready(), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.key == "ENG-12")
    }

    @Test func `the word errors in a title is no error`() async throws {
        let body = S.one(S.issue(title: "reads \\\"errors\\\": wrongly"))
        let outcome = try await S.runner(ScriptedAnswers(body)).fetchIssue(
            IssueReference(key: "ENG-12"), from: S.ready(), budget: S.budget)
        guard case .fetched(let issue, _) = outcome else { return #expect(Bool(false)) }
        #expect(issue.title == "reads \"errors\": wrongly")
    }

    @Test(arguments: [
        (
            "Argument Validation Error", "INVALID_INPUT", "labelIds must be UUIDs.", ["labelIds"],
            TrackerError.Code.invalidRequest
        ),
        (
            "Entity not found: IssueLabel: labelIds contained an entry that could not be found.",
            "INPUT_ERROR", "", ["labelIds"], .invalidRequest
        ),
        ("Entity not found in validateAccess: teamId - x", "INPUT_ERROR", "", ["project"], .invalidRequest),
        ("stateId and assigneeId do not fit", "INPUT_ERROR", "", ["stateId", "assigneeId"], .invalidRequest),
        ("something else", "INPUT_ERROR", "", [], .invalidRequest),
    ])
    func `a refused new issue names its fields`(
        message: String, code: String, presentable: String, fields: [String], expected: TrackerError.Code
    ) {
        let body = S.error(
            message, type: "invalid input", code: code, path: "[\"issueCreate\"]",
            presentable: presentable.isEmpty ? message : presentable + "\\u001b[31m")
        let failure = LinearTracker().failure(TrackerResponse(status: 400, body: Array(body.utf8)))
        #expect(failure?.code == expected && failure?.fieldFaults.map(\.field) == fields)
        #expect(failure?.fieldFaults.allSatisfy { !$0.description.contains("\u{1B}") } == true)
    }
}
