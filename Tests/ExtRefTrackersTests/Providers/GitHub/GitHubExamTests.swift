// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct GitHubExamTests {
    /// Good answers of every operation, by shape: each is varied in hundreds of ways and read by all of them.
    private static let answers = [
        GitHubSample.issue(42, state: "closed", more: GitHubSample.closedDetails),
        // Pull requests, labels, people, types, installations and comments.
        #"[{"node_id":"PR_1","number":1,"state":"closed","title":"x","#
            + #""html_url":"https://github.com/a/b/pull/1","#
            + #""labels":["x",{"name":"y"}],"assignees":[{"login":"z"}],"pull_request":{"merged_at":"2026-01-01"},"#
            + #""name":"bug","login":"z","id":5,"body":"x\n\n<!-- extref:lnk_01JD0000000000000000000000 -->"}]"#,
        #"{"items":[{"node_id":"I_1","number":1,"state":"open","title":"x","#
            + #""html_url":"https://github.com/a/b/issues/1"}]}"#,
        GitHubBatchTests.answer(
            #""r0":{"nameWithOwner":"octocat/Hello-World","i42":"#
                + GitHubBatchTests.closed.replacing("1347", with: "42")
                + #","i2":{"id":"PR_2","number":2,"title":"x","pullState":"MERGED"}}"#,
            errors: #"{"type":"NOT_FOUND","path":["r1"],"message":"x"}"#),
        // A repository, an account, an installation and a comment.
        #"{"full_name":"a/b","owner":{"login":"a","type":"Organization"},"permissions":{"push":true},"#
            + #""has_issues":true,"archived":false,"login":"z","id":5,"total_count":2,"#
            + #""repositories":[{"full_name":"a/b","owner":{"login":"a"}}]}"#,
    ]

    private static func recorded(_ body: String) -> RecordedExchange? {
        RecordedExchange("GET / HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n" + body)
    }

    private static func exam(_ method: AuthenticationMethodID) -> TrackerExam {
        TrackerExam(
            GitHubTracker(), source: GitHubSample.source(method),
            keys: [
                "octocat/Hello-World#42", "octocat/Hello-World#2", "o/.github#1",
                "mona_acme/a_b.c-d#999999999",
            ],
            answers: answers.compactMap(recorded))
    }

    @Test func `it passes the exam of all adapters`() async {
        let exam = Self.exam(.accessToken)
        #expect(Self.answers.compactMap(Self.recorded).count == Self.answers.count)
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong == [])
        #expect(count > 1_000)
    }

    @Test(arguments: [AuthenticationMethodID.accessToken, .gitHubApp, .none])
    func `its requests are sound whoever asks`(method: AuthenticationMethodID) {
        #expect(Self.exam(method).requests() == [])
    }
}
