// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers
import Foundation

/// A world of its own in the vendors' simulator that `scripts/extref-sim` runs; its address is in the
/// environment. Without it these tests are skipped, but not where `CI` is set: there a missing simulator is a
/// failure.
struct Simulator: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// One request as the simulator saw it.
    struct Request: Sendable {
        let method: String
        let path: String
        let status: Int
        /// When it came, in seconds of a clock that never jumps.
        let at: Double
        /// What was wrong with it by the vendor's contract; empty = nothing.
        let violation: String
        let body: String
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static var isExpected: Bool {
        environment["TEST_SIMULATOR_URL"] != nil || environment["CI"] == "true"
    }

    /// One client for all tests, and one for steering: the tests are many and the machine is small.
    static let client = HTTPClient(egress: LoopbackPolicy())
    private static let remote = HTTPClient(egress: LoopbackPolicy())

    /// Where the vendors' prefixes hang, such as `…/w/NAME`.
    let base: String

    /// Opens a fresh world.
    init(_ name: String) throws {
        guard let address = Self.environment["TEST_SIMULATOR_URL"], !address.isEmpty else {
            throw Failure(
                description: "TEST_SIMULATOR_URL is not set; run scripts/extref-sim and export what it prints"
            )
        }
        base = "\(address)/w/\(name)-\(UUID().uuidString.prefix(8))"
    }

    /// A runner that talks to it.
    func runner(
        traffic: any TrafficControl = FreeTraffic(), drift: any DriftWatch = NoDriftWatch(),
        vault: (any TokenVault)? = nil, signer: (any TokenSigning)? = nil,
        wallClock: @escaping WallClock = TrackerRunner.systemTime
    ) -> TrackerRunner {
        TrackerRunner(
            transport: Self.client, traffic: traffic, drift: drift, vault: vault, signer: signer,
            wallClock: wallClock)
    }

    // MARK: What happens in the tracker

    /// Creates issues.
    /// - Returns: their keys and ids, in order.
    func create(
        _ provider: String, project: String, title: String = "Checkout fails", count: Int = 1,
        extra: [String: String] = [:]
    ) async throws -> [(key: String, id: String)] {
        var body: [String: Any] = ["project": project, "title": title, "count": count]
        for (name, value) in extra { body[name] = value }
        let answer = try await control(.post, "/\(provider)/issues", body)
        guard let answer = answer as? [String: Any], let keys = answer["keys"] as? [String],
            let ids = answer["ids"] as? [Any], keys.count == ids.count
        else { throw Failure(description: "no keys in \(answer ?? "nothing")") }
        return zip(keys, ids).map { ($0, "\($1)") }
    }

    func edit(_ provider: String, _ key: String, _ change: [String: Any]) async throws {
        _ = try await control(.patch, "/\(provider)/issues/\(Self.encoded(key))", change)
    }

    func delete(_ provider: String, _ key: String) async throws {
        _ = try await control(.delete, "/\(provider)/issues/\(Self.encoded(key))", nil)
    }

    /// Moves an issue.
    /// - Returns: its new key.
    func move(_ provider: String, _ key: String, to project: String) async throws -> String {
        let answer = try await control(
            .post, "/\(provider)/issues/\(Self.encoded(key))/move", ["to": project])
        guard let moved = (answer as? [String: Any])?["key"] as? String else {
            throw Failure(description: "no key in \(answer ?? "nothing")")
        }
        return moved
    }

    /// What the simulator holds of an issue.
    func issue(_ provider: String, _ key: String) async throws -> [String: Any] {
        try await control(.get, "/\(provider)/issues/\(Self.encoded(key))", nil) as? [String: Any] ?? [:]
    }

    // MARK: Steering

    /// Throttles the next request in a vendor's dialect, for some seconds.
    func throttle(_ kind: String, seconds: Int, asDate: Bool = false) async throws {
        var body: [String: Any] = ["kind": kind, "as_date": asDate]
        let now = Int(Date().timeIntervalSince1970)
        switch kind {
        case "rate_403_primary", "rate_400_linear": body["reset"] = now + seconds
        default: body["retry_after"] = seconds
        }
        try await fault(body)
    }

    func fault(_ fault: [String: Any]) async throws { _ = try await control(.post, "/faults", fault) }

    func clearFaults() async throws { _ = try await control(.delete, "/faults", nil) }

    func tokens(_ provider: String, _ behaviour: [String: Any]) async throws {
        _ = try await control(.post, "/tokens/\(provider)", behaviour)
    }

    func settings(_ provider: String, _ settings: [String: Any]) async throws {
        _ = try await control(.post, "/\(provider)/settings", settings)
    }

    func advance(seconds: Int) async throws {
        _ = try await control(.post, "/clock", ["advance_seconds": seconds])
    }

    /// Requests since the world began, or since the last ``forget()``.
    func requests(_ provider: String = "") async throws -> [Request] {
        let query = provider.isEmpty ? "" : "?provider=\(provider)"
        let answer = try await control(.get, "/journal" + query, nil)
        let entries =
            (answer as? [String: Any])?["entries"] as? [[String: Any]] ?? answer as? [[String: Any]] ?? []
        return entries.map { entry in
            Request(
                method: entry["method"] as? String ?? "", path: entry["path"] as? String ?? "",
                status: entry["status"] as? Int ?? 0, at: entry["monotonic"] as? Double ?? 0,
                violation: Self.text(entry["violation"]),
                body: Self.text(entry["body"]))
        }
    }

    /// Requests that broke the vendor's contract.
    func violations() async throws -> [String] {
        try await requests().filter { !$0.violation.isEmpty }.map {
            "\($0.method) \($0.path): \($0.violation)"
        }
    }

    func forget() async throws { _ = try await control(.delete, "/journal", nil) }

    /// Everything the journal holds, as text: for canaries.
    func journalText() async throws -> String {
        let response = try await send(.get, "/journal", nil)
        return String(decoding: response.body, as: UTF8.self)
    }

    private static func text(_ value: Any?) -> String {
        switch value {
        case nil, is NSNull: ""
        case let text as String: text
        case let other?: "\(other)"
        }
    }

    @discardableResult
    private func control(
        _ method: HTTPRequest.Method, _ path: String, _ body: [String: Any]?
    ) async throws -> Any? {
        let response = try await send(method, path, body)
        guard (200..<300).contains(response.status) else {
            let text = String(decoding: response.body.prefix(500), as: UTF8.self)
            throw Failure(description: "\(method.rawValue) /_sim\(path): \(response.status) \(text)")
        }
        return response.body.isEmpty ? nil : try JSONSerialization.jsonObject(with: Data(response.body))
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [String: Any]?
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method, base + "/_sim" + path)
        request.headers = [HTTPField("Content-Type", "application/json")]
        request.partition = base
        if let body { request.body = Array(try JSONSerialization.data(withJSONObject: body)) }
        return try await Self.remote.send(request)
    }

    private static func encoded(_ key: String) -> String {
        key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key
    }
}
