// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTestKit
import ExtRefTrackers
import Synchronization

/// The trackers of a simulated world: slow, faulty, throttling, and watchful.
final class SimulatedSites: Sendable {
    /// How a tracker treats its callers while times are bad.
    enum Mood: CaseIterable {
        case well, failing, throttling, hanging, nameless, refusing, babbling, forgetful
    }

    struct Issue: Sendable {
        var version = 0
        var isOpen = true
        var updatedAt: Timestamp
        var isDeleted = false
    }

    struct Site: Sendable {
        var mood: Mood
        /// One call of so many meets the mood; the others are answered well.
        var moodOneOf = 3
        /// How far its clock is ahead of ours.
        var skew = Duration.zero
        var issues: [Int: Issue]
        var underWay = 0
        /// Throttled until then, since then; told to the process that runs now.
        var blocked: (since: Duration, until: Duration)?
        /// When the source was switched off, as far as is known for sure.
        var switchedOffAt: Duration?
        var calls = 0
    }

    struct State: Sendable {
        var sites: [String: Site] = [:]
        var isCalm = false
        var numbers: SeededNumbers
        var complaints: [String] = []
        /// What happened, in order: two runs of one seed must agree in it.
        var events: [String] = []
        var calls = 0
    }

    static let underWayPerSourceMax = 8
    static let stopTime = Duration.seconds(1)
    static let pageSize = 2

    let clock: VirtualClock
    let wallClock: WallClock
    let state: Mutex<State>

    init(_ simulation: Simulation, wallClock: @escaping WallClock) {
        clock = simulation.clock
        self.wallClock = wallClock
        var numbers = simulation.numbers
        state = Mutex(State(numbers: SeededNumbers(seed: numbers.next())))
    }

    func complain(_ text: String) {
        state.withLock { $0.complaints.append("\(text), at \(clock.elapsed)") }
    }

    func note(_ event: String) {
        state.withLock { $0.events.append("\(clock.elapsed) \(event)") }
    }

    /// Changes an issue.
    func change(_ number: Int, at host: String) {
        state.withLock { state in
            guard let skew = state.sites[host]?.skew, var issue = state.sites[host]?.issues[number] else {
                return
            }
            issue.version += 1
            issue.isOpen.toggle()
            issue.updatedAt = wallClock() + skew
            state.sites[host]?.issues[number] = issue
        }
    }

    /// Ends the bad times: from now on everything is answered, and quickly.
    func calmDown() { state.withLock { $0.isCalm = true } }

    /// A new process knows nothing of what its predecessor was told.
    func forgetProcess() {
        state.withLock { state in
            for host in state.sites.keys {
                state.sites[host]?.blocked = nil
                state.sites[host]?.underWay = 0
            }
        }
    }
}

extension SimulatedSites {
    /// What becomes of a call.
    private enum Fate {
        case answer(HTTPResponse, after: Duration)
        case failure(HTTPError.Code, HTTPStage, after: Duration)
        case silence(HTTPError.Code, HTTPStage)
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let host = String(request.url.split(separator: "/")[1])
        let path = String(request.url.dropFirst("https://\(host)/".count))
        arrive(host, path)
        let fate = state.withLock { decide(host, path, &$0) }
        defer { state.withLock { $0.sites[host]?.underWay -= 1 } }
        switch fate {
        case .answer(let response, let delay):
            try await pause(delay)
            return tell(response, host, path)
        case .failure(let code, let stage, let delay):
            try await pause(delay)
            throw HTTPError(code, at: stage, "simulated")
        case .silence(let code, let stage):
            try await pause(request.timeout)
            throw HTTPError(code, at: stage, "simulated")
        }
    }

    private func pause(_ duration: Duration) async throws(HTTPError) {
        do { try await clock.sleep(for: duration) } catch {
            throw HTTPError(.cancelled, at: .response, "simulated")
        }
    }

    /// Judges the call that comes in.
    private func arrive(_ host: String, _ path: String) {
        note("call \(host) \(path)")
        let now = clock.elapsed
        state.withLock { state in
            state.calls += 1
            guard var site = state.sites[host] else { return }
            site.calls += 1
            site.underWay += 1
            if site.underWay > Self.underWayPerSourceMax {
                state.complaints.append("\(host): \(site.underWay) calls at once, at \(now)")
            }
            if let blocked = site.blocked, now > blocked.since, now < blocked.until {
                state.complaints.append("\(host): a call at \(now), but asked to wait until \(blocked.until)")
            }
            if let off = site.switchedOffAt, now > off + Self.stopTime {
                state.complaints.append("\(host): a call at \(now), but switched off at \(off)")
            }
            state.sites[host] = site
        }
    }

    private func decide(_ host: String, _ path: String, _ state: inout State) -> Fate {
        let delay = Duration.milliseconds(Int64.random(in: 1...900, using: &state.numbers))
        guard let site = state.sites[host] else { return .failure(.dns, .dns, after: delay) }
        let good = Fate.answer(HTTPResponse(status: 0), after: delay)
        guard !state.isCalm, Int.random(in: 0..<site.moodOneOf, using: &state.numbers) == 0 else {
            return good
        }
        switch site.mood {
        case .well: return good
        case .failing:
            switch Int.random(in: 0...3, using: &state.numbers) {
            case 0: return .failure(.connect, .connect, after: delay)
            case 1: return .failure(.connectionLost, .body, after: delay)
            case 2: return .answer(HTTPResponse(status: 503), after: delay)
            default: return .answer(HTTPResponse(status: 500), after: delay)
            }
        case .throttling:
            let wait = Int.random(in: 1...40, using: &state.numbers)
            return .answer(
                HTTPResponse(status: 429, headers: [HTTPField("retry-after", String(wait))]), after: delay)
        case .hanging: return .silence(.timedOut, .response)
        case .nameless: return .silence(.dns, .dns)
        case .refusing: return .answer(HTTPResponse(status: 401), after: delay)
        case .babbling: return .answer(Self.text("nonsense"), after: delay)
        case .forgetful: return path.hasPrefix("batch") ? .answer(Self.text("page \n"), after: delay) : good
        }
    }

    /// The answer as it leaves: what it says is what holds now, not when the call came.
    private func tell(_ response: HTTPResponse, _ host: String, _ path: String) -> HTTPResponse {
        state.withLock { state in
            if response.status == 429, let text = response.headers.first?.value, let wait = Int64(text) {
                let until = max(state.sites[host]?.blocked?.until ?? .zero, clock.elapsed + .seconds(wait))
                state.sites[host]?.blocked = (clock.elapsed, until)
            }
            guard response.status == 0, let site = state.sites[host] else { return response }
            return Self.serve(path, site)
        }
    }

    private static func serve(_ path: String, _ site: Site) -> HTTPResponse {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let query = Dictionary(
            (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
                let pair = item.split(separator: "=", maxSplits: 1).map(String.init)
                return (pair[0], pair.count > 1 ? pair[1] : "")
            }, uniquingKeysWith: { $1 })
        switch parts[0] {
        case "batch":
            let keys = (query["keys"] ?? "").replacing("%2C", with: ",").split(separator: ",")
            return text("page \n" + keys.compactMap { Int($0) }.compactMap { line($0, site) }.joined())
        case "changes": return changes(query, site)
        default:
            guard let number = Int(parts[0].dropFirst("issues/".count)), let line = line(number, site) else {
                return HTTPResponse(status: 404)
            }
            return text("page \n" + line)
        }
    }

    /// Pages are named by where they begin, as a change in between would move what stands behind it.
    private static func changes(_ query: [String: String], _ site: Site) -> HTTPResponse {
        let named = (query["page"] ?? "").split(separator: "-").compactMap { Int64($0) }
        let start = named.count == 2 ? (named[0], named[1]) : (Int64(query["since"] ?? "") ?? 0, 0)
        let changed = site.issues.filter { !$0.value.isDeleted }
            .map { ($0.value.updatedAt.milliseconds, Int64($0.key)) }.filter { $0 >= start }.sorted(by: <)
        let next = changed.dropFirst(pageSize).first.map { "\($0.0)-\($0.1)" } ?? ""
        let lines = changed.prefix(pageSize).compactMap { line(Int($0.1), site) }
        return text("page \(next)\n" + lines.joined())
    }

    private static func line(_ number: Int, _ site: Site) -> String? {
        guard let issue = site.issues[number], !issue.isDeleted else { return nil }
        let status = issue.isOpen ? "open" : "closed"
        return "\(number) \(issue.version) \(status) \(issue.updatedAt.milliseconds)\n"
    }

    private static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPField("content-type", "text/plain")], body: Array(text.utf8))
    }
}
