// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefServices
import ExtRefStore
import ExtRefTestKit
import Synchronization

extension SimulatedWorld {
    /// How long everything may take to come right once all is well: the longest rest after trouble that
    /// somebody ended, and of an issue that seemed to be missing.
    private static let truthTimeMax = Duration.seconds(8 * 3_600)

    /// Waits until every linked issue is what its tracker says.
    func waitForTruth() async {
        let start = simulation.clock.elapsed
        var step = Duration.seconds(25)
        while !Task.isCancelled {
            try? await simulation.clock.sleep(for: step)
            let untrue = (try? await falsehoods()) ?? ["the store cannot be read"]
            let spent = simulation.clock.elapsed - start
            if untrue.isEmpty {
                // The feed's reader has its turn.
                try? await simulation.clock.sleep(for: .seconds(1))
                return witness.withLock { $0.convergence = spent }
            }
            guard spent < Self.truthTimeMax else {
                return sites.complain("not true after \(spent): \(untrue.joined(separator: "; "))")
            }
            step = max(step, spent / 3)
        }
    }

    private func falsehoods() async throws -> [String] {
        guard let store = process.withLock(\.self)?.store else { return ["no process"] }
        let told = sites.state.withLock(\.sites)
        return try await store.read(SimulatedProcess.tenant) { store in
            try setUp.hosts.flatMap { host -> [String] in
                guard let id = SourceID(setUp.sources[host] ?? ""), let site = told[host] else { return [] }
                return try site.issues.sorted { $0.key < $1.key }.compactMap { number, issue in
                    guard
                        let kept = try store.issues.linked(
                            in: id, nativeIDs: ["n\(number)"], keys: [String(number)]
                        ).first
                    else { return nil }
                    return Self.falsehood(kept, issue).map { "\(host) \(number): \($0)" }
                }
            }
        }
    }

    private static func falsehood(_ kept: ExternalIssue, _ issue: SimulatedSites.Issue) -> String? {
        guard kept.reachability == .ok else { return "\(kept.reachability), \(kept.lastErrorMessage)" }
        let status = issue.isOpen ? "open" : "closed"
        guard kept.snapshot.title == "version \(issue.version)", kept.snapshot.statusName == status else {
            let readAt = kept.fetchedAt.map { "read at \($0)" } ?? "never read"
            return "\(kept.snapshot.title) instead of \(issue.version), \(readAt)"
        }
        return nil
    }

    /// Whoever was told that a notification is taken may rely on it, whatever happened since.
    func checkHints(_ store: Store) async throws {
        let notified = witness.withLock(\.notified)
        try await store.read(SimulatedProcess.tenant) { store in
            for (host, times) in notified {
                guard let id = SourceID(setUp.sources[host] ?? "") else { continue }
                // Of the others, a link may have been taken back: nobody was interested then.
                for (number, time) in times where number == 1 {
                    guard let issue = try store.issues.find(source: id, key: String(number)) else { continue }
                    let isRead = issue.fetchedAt.map { $0 >= time } ?? false
                    if issue.hintedAt == nil, !isRead, issue.lastErrorReason.isEmpty {
                        sites.complain("\(host) \(number): the notification of \(time) is lost")
                    }
                }
            }
        }
    }

    /// After a kill nobody knows whether a switch was thrown; the store does.
    func learnSwitches(_ store: Store) async throws {
        let off = try await store.read(SimulatedProcess.tenant) { store in
            try store.sources.list().items.filter { !$0.isEnabled }.map(\.id.rawValue)
        }
        sites.state.withLock { state in
            for host in setUp.hosts {
                let isOff = off.contains(setUp.sources[host] ?? "")
                state.sites[host]?.switchedOffAt = isOff ? simulation.clock.elapsed : nil
            }
        }
    }

    /// What was confirmed is there; and whoever follows the feed knows what the store knows.
    func checkAccounts() async throws {
        let store = try Store(database)
        let witness = witness.withLock(\.self)
        try await store.read(SimulatedProcess.tenant) { store in
            for id in witness.made.subtracting(witness.unmade).sorted() {
                guard let linkID = LinkID(id), try store.links.get(linkID) != nil else {
                    sites.complain("link \(id) was confirmed and is lost")
                    continue
                }
            }
            try checkFeed(witness, store)
        }
    }

    private func checkFeed(_ witness: Witness, _ store: ReadContext) throws {
        var numbers = [Int64]()
        var page = try store.changes.list(after: 0, limit: 500)
        while true {
            numbers += page.changes.map(\.sequence)
            guard page.hasMore else { break }
            page = try store.changes.list(after: page.cursor, limit: 500)
        }
        let seen = witness.seen.compactMap { Int64($0.cursor) }
        if seen != numbers {
            let missing = Set(numbers).subtracting(seen).sorted().prefix(5)
            sites.complain(
                "the feed's reader saw \(seen.count) of \(numbers.count) changes, without \(missing)")
        }
        var status = [String: String]()
        for change in witness.seen where change.kind == .issueUpdated {
            for field in change.fields where field.field == "status" { status[change.issueID] = field.after }
        }
        for (id, word) in status {
            guard let issueID = IssueID(id), let issue = try store.issues.get(issueID) else { continue }
            if issue.snapshot.statusName != word {
                sites.complain(
                    "by the feed issue \(id) is \(word), in the store \(issue.snapshot.statusName)")
            }
        }
    }
}
