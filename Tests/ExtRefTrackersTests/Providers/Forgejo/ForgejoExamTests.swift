// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing
import TrackerConformance

@Suite struct ForgejoExamTests {
    /// One answer that each operation can read its part of, as an object and as a list: every value of it is
    /// replaced by every other kind, for every operation.
    private static let answers = [object("null"), "[\(object("{\"merged\":true,\"draft\":false}"))]"]

    private static func object(_ pull: String) -> String {
        """
        {"login":"bob","full_name":"Bob B.","name":"bug","version":"16.0.1+gitea-1.22.0","has_issues":true,\
        "archived":false,\(ForgejoSamples.issue(pull: pull).dropFirst())
        """
    }

    private func exam(_ base: String, keys: [String]) -> TrackerExam {
        TrackerExam(
            ForgejoTracker(),
            source: ForgejoSamples.source(base, project: "team/app", token: "SECRET-TOKEN"), keys: keys,
            answers: Self.answers.map(RecordedExchange.answer))
    }

    @Test(arguments: ["https://codeberg.org", "https://git.corp.example/forge"])
    func `what it says, recognises and sends is sound`(base: String) {
        let exam = exam(
            base,
            keys: ["team/app#23", "example/example#1", "A.b_c/.d-e#7", "team/app#999999999999999999"])
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
    }

    @Test func `hostile answers do it no harm`() async {
        let (wrong, count) = await exam(ForgejoSamples.base, keys: ["team/app#23"]).answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
