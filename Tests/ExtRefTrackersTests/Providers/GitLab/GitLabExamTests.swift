// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing
import TrackerConformance

@Suite struct GitLabExamTests {
    /// Short ones, of which each operation can read its part: every value of them is replaced by every other
    /// kind, for every operation.
    private static let answers = [
        """
        {"id":92,"iid":23,"title":"t","state":"closed","moved_to_id":120,"labels":["bug"],\
        "references":{"full":"team/app#23"},"updated_at":"2026-11-22T09:00:00Z",\
        "assignees":[{"id":9,"name":"Ann"}],"body":"Hello","username":"ann","scopes":["api"],"active":true,\
        "data":{"issue":{"iid":"23","webUrl":"https://gitlab.example.com/team/app/-/issues/23"}}}
        """,
        """
        [{"id":92,"iid":23,"title":"t","state":"closed","body":"Hello",\
        "web_url":"https://gitlab.example.com/team/app/-/issues/23","closed_at":"2026-11-22T09:00:00Z"}]
        """,
        """
        {"data":{"namespace":{"item0":{"id":"gid://gitlab/WorkItem/5","iid":"1","title":"t","state":"OPEN",\
        "workItemType":{"name":"Epic"},"widgets":[{"status":{"name":"New","category":"TRIAGE"}},\
        {"assignees":{"nodes":[{"username":"ann"}]}},{"labels":{"nodes":[{"title":"bug"}]}}]}}}}
        """,
    ]

    private func exam(_ base: String, keys: [String]) -> TrackerExam {
        TrackerExam(
            GitLabTracker(), source: GitLabSamples.source(base, project: "team/app", token: "SECRET-TOKEN"),
            keys: keys, answers: Self.answers.map(RecordedExchange.answer))
    }

    @Test(arguments: ["https://gitlab.com", "https://git.corp.example/gitlab"])
    func `what it says, recognises and sends is sound`(base: String) {
        let exam = exam(
            base,
            keys: [
                "team/app#23", "a/b/c/d#1", "groups/team#1", "groups/team/sub#12", "A_b.c-d/e#1",
                "team/app#999999999999999999", ".x/_y#7",
            ])
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
    }

    @Test func `hostile answers do it no harm`() async {
        let (wrong, count) = await exam(GitLabSamples.base, keys: ["team/app#23", "groups/team#1"])
            .answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
