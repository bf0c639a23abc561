// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers
import Synchronization

/// Tells in memory whether a source may have an issue that a notification names. Most notifications of a busy
/// tracker are about issues that nobody linked; they end here.
///
/// It may say yes about an issue that is not there, never no about one that is. A source's part is built when
/// the first notification comes, and every issue that is stored is noted from the beginning of the building
/// on. The building begins in a write of its own: what was being written before has been committed then, and
/// the look into the store sees it.
final class LinkedIssueIndex: Sendable {
    private struct Part {
        var hashes: Set<Int> = []
        var isBuilt = false
        /// Too many to be kept: everything may be there.
        var isOpen = false
    }

    private let state = Mutex<[SourceID: Part]>([:])

    /// Notes an issue that is about to be stored.
    func note(_ issue: ExternalIssue) {
        let snapshot = issue.snapshot
        let hashes =
            (snapshot.nativeID.isEmpty ? [] : [Self.hash(id: snapshot.nativeID)])
            + ([snapshot.key] + snapshot.previousKeys).map(Self.hash(key:))
        state.withLock { parts in
            guard parts[issue.sourceID]?.isOpen == false else { return }
            parts[issue.sourceID]?.hashes.formUnion(hashes)
        }
    }

    /// Whether one of these issues may be stored.
    func mayHold(
        _ references: [IssueReference], of source: IntegrationSource, in store: Store
    ) async throws -> Bool {
        if let answer = answer(references, of: source.id) { return answer }
        try await build(source, in: store)
        return answer(references, of: source.id) ?? true
    }

    private func answer(_ references: [IssueReference], of source: SourceID) -> Bool? {
        state.withLock { parts in
            guard let part = parts[source], part.isBuilt else { return nil }
            return part.isOpen
                || references.contains { reference in
                    !reference.nativeID.isEmpty && part.hashes.contains(Self.hash(id: reference.nativeID))
                        || !reference.key.isEmpty && part.hashes.contains(Self.hash(key: reference.key))
                }
        }
    }

    private func build(_ source: IntegrationSource, in store: Store) async throws {
        let isMine = try await store.write(source.tenantID) { _ in
            self.state.withLock { parts in
                guard parts[source.id] == nil else { return false }
                let sum = parts.values.reduce(0) { $0 + $1.hashes.count }
                if sum >= ServiceLimits.indexedIssuesInAllMax { parts.removeAll() }
                parts[source.id] = Part()
                return true
            }
        }
        // Somebody else is at it: until then everything may be there.
        guard isMine else { return }
        do {
            let found = try await store.scan(source.tenantID) {
                try $0.issues.references(in: source.id, atMost: ServiceLimits.indexedIssuesMax)
            }
            state.withLock { parts in
                parts[source.id]?.isBuilt = true
                guard let found else {
                    parts[source.id]?.isOpen = true
                    parts[source.id]?.hashes = []
                    return
                }
                parts[source.id]?.hashes.formUnion(found.nativeIDs.map(Self.hash(id:)))
                parts[source.id]?.hashes.formUnion(found.foldedKeys.map(Self.hash(key:)))
            }
        } catch {
            state.withLock { $0[source.id] = nil }
            throw error
        }
    }

    private static func hash(id: String) -> Int {
        var hasher = Hasher()
        hasher.combine(0)
        hasher.combine(id)
        return hasher.finalize()
    }

    /// As the store folds keys.
    private static func hash(key: String) -> Int {
        var hasher = Hasher()
        hasher.combine(1)
        hasher.combine(key.lowercased())
        return hasher.finalize()
    }
}
