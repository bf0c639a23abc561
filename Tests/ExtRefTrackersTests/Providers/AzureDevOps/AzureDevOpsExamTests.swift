// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct AzureDevOpsExamTests {
    private typealias Samples = AzureDevOpsSamples

    private static func exchange(_ body: String) -> RecordedExchange? {
        RecordedExchange("GET / HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n\(body)")
    }

    private static func text(_ response: HTTPResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    /// One answer of every shape.
    private static var bodies: [String] {
        let more =
            ",\"System.AssignedTo\":\(Samples.person),\"System.Tags\":\"a; b\","
            + "\"Microsoft.VSTS.Common.Priority\":2"
        let item = Samples.item(12, more: more)
        return [
            item, "{\"count\":1,\"value\":[\(item)]}", text(Samples.states), text(Samples.found([12])),
            #"{"value":[{"name":"Bug","isDisabled":false,"referenceName":"Microsoft.BugCategory"}]}"#,
            """
            {"value":[{"name":"Custom.X","referenceName":"Custom.X","alwaysRequired":true,"defaultValue":"x",\
            "allowedValues":["a"]}]}
            """,
            """
            {"rev":3,"relations":[{"rel":"Hyperlink","url":"https://x.example",\
            "attributes":{"id":7,"comment":"x"}}]}
            """,
            """
            {"authenticatedUser":{"id":"1","providerDisplayName":"Ada",\
            "properties":{"Account":{"$value":"ada"}}}}
            """,
        ]
    }

    @Test func `it passes the exam of all adapters`() async {
        let source = TrackerSource(
            Samples.source(project: "Web Shop"), credential: TrackerCredential(["token": "SECRET-PAT"]))
        let exam = TrackerExam(
            Samples.tracker, source: source, keys: ["1", "42", "2147483647"],
            answers: Self.bodies.compactMap(Self.exchange))
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
        let (wrong, count) = await exam.answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
