// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import TrackerConformance

@testable import ExtRefTrackers

/// A workspace and what Linear would answer about it; shapes as in the vendor's published schema.
enum LinearSamples {
    static let budget = Duration.seconds(5)
    static let id = "44444444-4444-4444-8444-444444444444"
    static let otherID = "55555555-5555-4555-8555-555555555555"
    static let teamID = "88888888-8888-4888-8888-888888888888"
    static let linkID = "99999999-9999-4999-8999-999999999999"

    static func source(
        _ name: String = "lin", _ baseURL: String = "https://linear.app/acme"
    ) -> IntegrationSource {
        var source = Samples.source(name, .linear, baseURL)
        source.authenticationMethod = .apiKey
        return source
    }

    static func ready(_ source: IntegrationSource = source(), key: String = "lin_api_KEY") -> TrackerSource {
        TrackerSource(source, credential: TrackerCredential(["api_key": key]))
    }

    static func runner(_ transport: ScriptedAnswers) -> TrackerRunner {
        TrackerRunner(
            registry: TrackerRegistry([LinearTracker()]), transport: transport,
            clock: ManualClock(), wallClock: { Timestamp(milliseconds: 1_784_721_600_000) })
    }

    /// An issue as the fragment of ``LinearQuery`` asks for it.
    static func issue(
        id: String = id, key: String = "ENG-12", former: [String] = [], title: String = "Checkout fails",
        state: String = "In Progress", type: String = "started", extra: String = ""
    ) -> String {
        let former = former.map { "\"\($0)\"" }.joined(separator: ",")
        return packed(
            """
            {"id":"\(id)","identifier":"\(key)","previousIdentifiers":[\(former)],"title":"\(title)",
            "priority":2,"priorityLabel":"High","createdAt":"2026-07-20T12:00:00.000Z",
            "updatedAt":"2026-07-22T12:00:00.000Z","completedAt":null,"canceledAt":null,"trashed":null,
            \(extra)
            "state":{"name":"\(state)","type":"\(type)"},
            "assignee":{"id":"66666666-6666-4666-8666-666666666666","name":"Bob Builder","displayName":"bob"},
            "labels":{"nodes":[{"name":"bug"},{"name":"checkout"}]}}
            """)
    }

    static func one(_ issue: String) -> String { "{\"data\":{\"issue\":\(issue)}}" }

    static func many(_ issues: String..., next: String? = nil) -> String {
        let info =
            next.map { "{\"hasNextPage\":true,\"endCursor\":\"\($0)\"}" }
            ?? "{\"hasNextPage\":false,\"endCursor\":null}"
        let nodes = issues.joined(separator: ",")
        return "{\"data\":{\"issues\":{\"nodes\":[\(nodes)],\"pageInfo\":\(info)}}}"
    }

    static func error(
        _ message: String, type: String, code: String, path: String = "[\"issue\"]", presentable: String = "",
        data: String = "null"
    ) -> String {
        packed(
            """
            {"errors":[{"message":"\(message)","path":\(path),"extensions":{"type":"\(type)","code":"\(code)",
            "userError":true,"userPresentableMessage":"\(presentable)"}}],"data":\(data)}
            """)
    }

    /// A body as it is sent: the document and what varies.
    static func body(_ document: String, _ variables: String) -> String {
        let query = document.replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
        return "{\"query\":\"\(query)\",\"variables\":\(packed(variables))}"
    }
}
