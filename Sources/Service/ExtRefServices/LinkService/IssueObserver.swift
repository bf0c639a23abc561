// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers

/// What is known of an issue at the moment it is linked.
enum Observation: Sendable {
    /// Just read from the tracker.
    case fresh(IssueSnapshot, validator: String)
    /// Cached; recent enough, or the tracker did not answer.
    case known(IssueID)
    /// Not read yet: the tracker was slow or failed, and the link is kept as pending. nil = nobody asked.
    case unread(TrackerError?)
}

/// Looks at issues before they are linked: one tracker call per issue or batch, and only while the caller
/// waits.
struct IssueObserver {
    let environment: ServiceEnvironment
    let scope: CallScope

    /// Looks at one issue.
    /// - Throws: when the tracker says that it does not exist, or the source may not show it.
    func observe(_ wish: IssueWish, budget: Duration) async throws -> Observation {
        let start = try await environment.store.read(scope.tenantID) { store in
            try Start(wish, environment: environment, in: store)
        }
        if let observation = start.withoutTracker(environment: environment, now: scope.now) {
            return observation
        }
        let outcome: FetchOutcome
        do {
            outcome = try await environment.trackers.fetchIssue(
                start.reference, from: start.source, budget: scope.budget(budget))
        } catch {
            if let reachability = error.reachability, reachability.isRefusal { throw DomainError(error) }
            return start.cached.map { .known($0.id) } ?? .unread(error)
        }
        guard case .fetched(let snapshot, let validator) = outcome else {
            return start.cached.map { .known($0.id) } ?? .unread(nil)
        }
        try requireAllowed(snapshot, source: start.source.source)
        return .fresh(snapshot, validator: validator)
    }

    /// Looks at many issues, one batch per source side by side; a failing source fails none of the others.
    func observe(
        _ wishes: Set<IssueWish>, budget: Duration
    ) async throws -> [IssueWish: Result<Observation, DomainError>] {
        let bySource = Dictionary(grouping: wishes, by: \.sourceID)
        return try await withThrowingTaskGroup(of: [IssueWish: Result<Observation, DomainError>].self) {
            group in
            for (_, wishes) in bySource {
                group.addTask { try await observeBatch(wishes, budget: budget) }
            }
            var all = [IssueWish: Result<Observation, DomainError>]()
            for try await part in group { all.merge(part) { first, _ in first } }
            return all
        }
    }

    private func observeBatch(
        _ wishes: [IssueWish], budget: Duration
    ) async throws -> [IssueWish: Result<Observation, DomainError>] {
        let starts = try await environment.store.read(scope.tenantID) { store in
            try wishes.map { try Start($0, environment: environment, in: store) }
        }
        var results = [IssueWish: Result<Observation, DomainError>]()
        var open = [Start]()
        for start in starts {
            if let observation = start.withoutTracker(environment: environment, now: scope.now) {
                results[start.wish] = .success(observation)
            } else {
                open.append(start)
            }
        }
        guard let source = open.first?.source else { return results }
        do {
            let outcome = try await environment.trackers.fetchIssues(
                open.map(\.reference), from: source, budget: scope.budget(budget))
            for start in open { results[start.wish] = judge(start, outcome) }
        } catch {
            for start in open {
                results[start.wish] = .success(start.cached.map { .known($0.id) } ?? .unread(error))
            }
        }
        return results
    }

    /// A batch tells missing and forbidden apart from nothing: what it does not return is kept as pending.
    private func judge(_ start: Start, _ outcome: BatchOutcome) -> Result<Observation, DomainError> {
        let key = start.wish.key.lowercased()
        let knownID = start.reference.nativeID
        let found = outcome.found.first { snapshot in
            snapshot.key.lowercased() == key || snapshot.previousKeys.contains { $0.lowercased() == key }
                || !knownID.isEmpty && [snapshot.nativeID, snapshot.formerNativeID].contains(knownID)
        }
        guard let found else {
            if let refusal = outcome.refused[start.reference], start.cached == nil {
                return .failure(DomainError(refusal))
            }
            return .success(start.cached.map { .known($0.id) } ?? .unread(nil))
        }
        do throws(DomainError) {
            try requireAllowed(found, source: start.source.source)
            return .success(.fresh(found, validator: ""))
        } catch {
            return .failure(error)
        }
    }

    private func requireAllowed(_ snapshot: IssueSnapshot, source: IntegrationSource) throws(DomainError) {
        guard !source.allows(externalProject: snapshot.projectKey) else { return }
        throw .precondition(
            .externalProjectNotAllowed, subject: source.id.rawValue,
            "Source '\(source.displayName)' may not link issues of external project '\(snapshot.projectKey)'."
        )
    }
}

/// What is known before the tracker is asked.
private struct Start: Sendable {
    let wish: IssueWish
    let source: TrackerSource
    let cached: ExternalIssue?

    init(_ wish: IssueWish, environment: ServiceEnvironment, in store: ReadContext) throws {
        guard let source = try store.sources.get(wish.sourceID), source.deletedAt == nil else {
            throw DomainError.notFound(.sourceNotFound, type: "Source", name: wish.sourceID.rawValue)
        }
        self.wish = wish
        self.source = try environment.trackerSource(source, in: store)
        cached = try store.issues.find(source: wish.sourceID, key: wish.key)
    }

    /// How the tracker is asked for it.
    var reference: IssueReference {
        IssueReference(key: wish.key, nativeID: cached?.snapshot.nativeID ?? "")
    }

    /// The answer that needs no tracker: a source without an API, or a state read a moment ago.
    func withoutTracker(environment: ServiceEnvironment, now: Timestamp) -> Observation? {
        if let cached, cached.reachability == .ok, !cached.isStale(at: now, maxAge: ServiceLimits.freshEnough)
        {
            return .known(cached.id)
        }
        guard !environment.trackers.canFetch(source.source) else { return nil }
        if let cached { return .known(cached.id) }
        return .fresh(
            IssueSnapshot(
                nativeID: wish.key, key: wish.key, webURL: wish.url, title: "", statusName: "",
                providerCategory: .unknown),
            validator: "")
    }
}

extension Reachability {
    /// Whether the tracker refuses the issue, rather than failing to answer.
    fileprivate var isRefusal: Bool {
        switch self {
        case .gone, .forbidden, .notFound, .outOfScope: true
        case .pending, .ok, .unreachable, .notReturned: false
        }
    }
}
