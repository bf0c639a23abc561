// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct JiraExamTests {
    private static let issue = """
        {"id":"10040","key":"TES-41","fields":{"summary":"Checkout fails","status":{"name":"Done",\
        "statusCategory":{"key":"done"}},"assignee":{"accountId":"5b10","displayName":"Mia"},\
        "priority":{"name":"High"},"labels":["a"],"updated":"2019-02-15T19:15:40.477-0800",\
        "resolution":{"name":"Done"},"resolutiondate":"2019-02-15T19:15:40.470-0800",\
        "description":{"content":[{"text":"extref-01jd0000000000000000000000"}]}}}
        """

    /// Good answers of every operation, each value once: every one is replaced by many others.
    private static func answers(of deployment: JiraDeployment) throws -> [RecordedExchange] {
        let types = deployment == .cloud ? "issueTypes" : "values"
        let fields = deployment == .cloud ? "fields" : "values"
        let bodies = [
            issue,
            "{\"issues\":[\(issue.prefix { $0 != "," }),\"key\":\"TES-1\","
                + "\"fields\":{\"status\":{\"name\":\"x\"}}}],\"total\":2}",
            "{\"\(types)\":[{\"id\":\"1\",\"name\":\"Bug\"}]}",
            "{\"\(fields)\":[{\"fieldId\":\"description\",\"required\":true,\"schema\":{\"type\":\"string\"}},"
                + "{\"fieldId\":\"priority\",\"name\":\"Priority\",\"schema\":{\"type\":\"option\"},"
                + "\"allowedValues\":[{\"id\":\"1\",\"value\":\"High\"}]}]}",
            "{\"id\":\"10040\",\"key\":\"TES-41\"}", "{\"id\":10000}",
            "{\"accountId\":\"5b10\",\"displayName\":\"Mia\",\"emailAddress\":\"mia@example.com\"}",
            "{\"permissions\":{\"BROWSE_PROJECTS\":{\"havePermission\":true}}}",
            "{\"deploymentType\":\"\(deployment == .cloud ? "Cloud" : "Server")\","
                + "\"baseUrl\":\"https://x.example\"}",
        ]
        return try bodies.map { body in
            try #require(
                RecordedExchange("GET /x HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n\(body)")
            )
        }
    }

    private static let gatewaySettings = ["email": "bot@example.net", "cloud_id": JiraSamples.cloudID]

    private func exam(_ source: TrackerSource) throws -> TrackerExam {
        let tracker = JiraSamples.tracker(of: source)
        return TrackerExam(
            tracker, source: source, keys: ["TES-41", "AB_C9-1", "ZZ-999999999999999999"],
            answers: try Self.answers(of: tracker.deployment))
    }

    @Test(arguments: [
        JiraSamples.cloudSource(projects: ["TES", "OPS"]), JiraSamples.cloudSource(settings: gatewaySettings),
        JiraSamples.dataCenterSource(projects: ["TES"]),
    ])
    func `it passes the exam of all adapters`(source: TrackerSource) throws {
        let exam = try exam(source)
        #expect(exam.description() == [])
        #expect(exam.recognition() == [])
        #expect(exam.requests() == [])
    }

    @Test(arguments: [JiraSamples.cloudSource(settings: gatewaySettings), JiraSamples.dataCenterSource()])
    func `hostile answers become clean values or typed errors`(source: TrackerSource) async throws {
        let (wrong, count) = try await exam(source).answersReading()
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(count > 1_000)
    }
}
