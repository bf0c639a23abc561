// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Synchronization

/// Many Redmines in memory, one a host, with many issues of which some change all the time.
final class BusyRedmines: HTTPTransport {
    private struct Site {
        /// When issue n + 1 changed last, and how often.
        var updated: [Int64]
        var versions: [Int]
        var requests = 0
        var isDown = false
    }

    private let state: Mutex<[String: Site]>
    private let hook = Mutex<(@Sendable () async -> Void)?>(nil)

    /// - Parameter start: when all issues were made.
    init(hosts: [String], issues: Int, start: Timestamp) {
        let site = Site(
            updated: Array(repeating: start.seconds, count: issues),
            versions: Array(repeating: 0, count: issues))
        state = Mutex(Dictionary(uniqueKeysWithValues: hosts.map { ($0, site) }))
    }

    /// Does something while a request is on its way, once.
    func onNextRequest(_ deed: @escaping @Sendable () async -> Void) { hook.withLock { $0 = deed } }

    /// Requests to a host since the last look.
    func takeRequests(_ host: String) -> Int {
        state.withLock { state in
            let count = state[host]?.requests ?? 0
            state[host]?.requests = 0
            return count
        }
    }

    /// Changes an issue.
    func change(_ number: Int, at host: String, _ time: Timestamp) {
        state.withLock { state in
            state[host]?.updated[number - 1] = time.seconds
            state[host]?.versions[number - 1] += 1
        }
    }

    /// How often an issue was changed.
    func version(_ number: Int, at host: String) -> Int {
        state.withLock { $0[host]?.versions[number - 1] ?? 0 }
    }

    /// Lets a host answer nothing but errors, or take that back.
    func setDown(_ isDown: Bool, _ host: String) { state.withLock { $0[host]?.isDown = isDown } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let deed = hook.withLock { hook in
            defer { hook = nil }
            return hook
        }
        await deed?()
        let url = URLComponents(string: request.url)
        let query = Dictionary(
            (url?.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        let site = state.withLock { state in
            let host = url?.host ?? ""
            state[host]?.requests += 1
            return state[host]
        }
        guard let site, !site.isDown else { return HTTPResponse(status: 500) }
        return HTTPResponse(
            status: 200, headers: [HTTPField("Content-Type", "application/json; charset=utf-8")],
            body: Array(Self.page(site, query).utf8))
    }

    private static func page(_ site: Site, _ query: [String: String]) -> String {
        let limit = query["limit"].flatMap { Int($0) } ?? 25
        let offset = query["offset"].flatMap { Int($0) } ?? 0
        var numbers: [Int]
        if let since = query["updated_on"].flatMap({
            try? Date($0.dropFirst(2).description, strategy: .iso8601)
        }) {
            let from = Int64(since.timeIntervalSince1970)
            numbers = site.updated.indices.filter { site.updated[$0] >= from }
                .sorted { (site.updated[$0], $0) < (site.updated[$1], $1) }.map { $0 + 1 }
        } else {
            numbers = (query["issue_id"] ?? "").split(separator: ",").compactMap { Int($0) }
        }
        let total = numbers.count
        numbers = Array(numbers.dropFirst(offset).prefix(limit))
        let issues = numbers.map { text($0, site) }.joined(separator: ",")
        return "{\"issues\":[\(issues)],\"total_count\":\(total),\"offset\":\(offset),\"limit\":\(limit)}"
    }

    private static func text(_ number: Int, _ site: Site) -> String {
        let updated = Date(timeIntervalSince1970: Double(site.updated[number - 1])).formatted(.iso8601)
        return """
            {"id":\(number),"project":{"id":1,"name":"Demo"},"tracker":{"id":1,"name":"Bug"},
            "status":{"id":1,"name":"New","is_closed":false},"priority":{"id":2,"name":"Normal"},
            "subject":"Issue \(number), version \(site.versions[number - 1])","description":"",
            "created_on":"2026-01-01T00:00:00Z","updated_on":"\(updated)","closed_on":null}
            """
    }
}
