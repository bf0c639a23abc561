// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import TrackerConformance

@testable import ExtRefTrackers

/// Tasks as Asana would answer them; shapes as in the vendor's published interface.
enum AsanaSamples {
    static let budget = Duration.seconds(5)
    static let api = "https://app.asana.com/api/1.0"
    static let task = "1201234567890123"
    static let project = "1200000000000001"
    static let workspace = "1100000000000001"
    static let fields =
        "name%2Ccompleted%2Ccompleted_at%2Ccreated_at%2Cmodified_at%2Cresource_subtype%2C"
        + "assignee.name%2Cmemberships.project.name%2Cmemberships.section.name%2Ctags.name"

    static func source(
        _ name: String = "as", _ baseURL: String = "https://app.asana.com", workspace: String = workspace
    ) -> IntegrationSource {
        var source = Samples.source(name, .asana, baseURL)
        source.authenticationMethod = .accessToken
        source.authenticationSettings = ["workspace": workspace]
        return source
    }

    static func ready(_ source: IntegrationSource = source(), token: String = "TOKEN") -> TrackerSource {
        TrackerSource(source, credential: TrackerCredential(["token": token]))
    }

    static func runner(_ transport: ScriptedAnswers) -> TrackerRunner {
        TrackerRunner(
            registry: TrackerRegistry([AsanaTracker()]), transport: transport,
            clock: ManualClock(), wallClock: { Timestamp(milliseconds: 1_784_721_600_000) })
    }

    static func membership(_ project: String = project, _ section: String = "In progress") -> String {
        packed(
            """
            {"project":{"gid":"\(project)","name":"Web shop"},
            "section":{"gid":"1200000000000009","name":"\(section)"}}
            """)
    }

    static func task(
        _ gid: String = task, completed: Bool = false, memberships: [String] = [membership()],
        modified: String = "2026-07-22T12:00:00.000Z", extra: String = ""
    ) -> String {
        packed(
            """
            {"gid":"\(gid)","name":"Checkout fails","completed":\(completed),
            "completed_at":"2026-07-21T00:00:00.000Z","created_at":"2026-07-20T12:00:00.000Z",
            "modified_at":"\(modified)","resource_subtype":"default_task",\(extra)
            "assignee":{"gid":"1300000000000001","name":"Bob Builder"},
            "memberships":[\(memberships.joined(separator: ","))],"tags":[{"gid":"14","name":"flaky"}]}
            """)
    }

    static func one(_ task: String) -> String { "{\"data\":\(task)}" }

    static func page(_ elements: String..., next: String? = nil) -> String {
        let next =
            next.map { "{\"offset\":\"\($0)\",\"path\":\"/x\",\"uri\":\"https://evil.example/x\"}" } ?? "null"
        return "{\"data\":[\(elements.joined(separator: ","))],\"next_page\":\(next)}"
    }
}
