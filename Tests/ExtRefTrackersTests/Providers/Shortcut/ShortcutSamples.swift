// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import TrackerConformance

@testable import ExtRefTrackers

/// A workspace and what Shortcut would answer about it; shapes as in the vendor's published interface.
enum ShortcutSamples {
    static let budget = Duration.seconds(5)
    static let api = "https://api.app.shortcut.com/api/v3"
    static let bob = "66666666-6666-4666-8666-666666666666"
    static let ann = "77777777-7777-4777-8777-777777777777"
    static let team = "88888888-8888-4888-8888-888888888888"

    static func source(
        _ name: String = "sc", _ baseURL: String = "https://app.shortcut.com/acme"
    ) -> IntegrationSource {
        var source = Samples.source(name, .shortcut, baseURL)
        source.authenticationMethod = .apiKey
        return source
    }

    static func ready(_ source: IntegrationSource = source(), token: String = "TOKEN") -> TrackerSource {
        TrackerSource(source, credential: TrackerCredential(["api_token": token]))
    }

    static func runner(_ transport: ScriptedAnswers) -> TrackerRunner {
        TrackerRunner(
            registry: TrackerRegistry([ShortcutTracker()]), transport: transport,
            clock: ManualClock(), wallClock: { Timestamp(milliseconds: 1_784_721_600_000) })
    }

    static func story(
        _ id: Int = 123, state: Int = 500_000_006, owners: [String] = [], group: String? = nil,
        updated: String = "2026-07-22T12:00:00Z", extra: String = ""
    ) -> String {
        let owners = owners.map { "\"\($0)\"" }.joined(separator: ",")
        let group = group.map { "\"\($0)\"" } ?? "null"
        return packed(
            """
            {"id":\(id),"name":"Checkout fails","workflow_state_id":\(state),"story_type":"bug",
            "completed":false,"started":true,"archived":false,"owner_ids":[\(owners)],"group_id":\(group),
            "labels":[{"name":"flaky"}],"external_links":["https://a.example/1"],\(extra)
            "created_at":"2026-07-20T12:00:00Z","updated_at":"\(updated)","completed_at":null}
            """)
    }

    static let workflows = packed(
        """
        [{"id":500000001,"name":"Engineering","default_state_id":500000005,"states":[
        {"id":500000007,"name":"Done","type":"done","position":3},
        {"id":500000005,"name":"To Do","type":"unstarted","position":1},
        {"id":500000006,"name":"In Development","type":"started","position":2}]},
        {"id":500000002,"name":"Design","default_state_id":500000009,"states":[
        {"id":500000009,"name":"Idea","type":"backlog","position":1}]}]
        """)

    static let groups = packed(
        """
        [{"id":"\(team)","mention_name":"engineering","default_workflow_id":500000001,
        "workflow_ids":[500000001]}]
        """)

    static func member(_ id: String, _ name: String) -> String {
        "{\"id\":\"\(id)\",\"profile\":{\"name\":\"\(name)\",\"mention_name\":\"nick\"}}"
    }
}
