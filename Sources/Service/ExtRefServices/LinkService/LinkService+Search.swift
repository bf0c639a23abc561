// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
public import RPC
import RPCMessages

extension LinkService {
    /// Asks sources side by side: a slow or broken one is a verdict of its own and delays no other's answer
    /// past its own time.
    public func searchIssues(
        _ request: SearchIssuesRequest, context: CallContext
    ) async throws -> SearchIssuesResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        let query = trimmed(request.query)
        guard (1...TrackerLimits.searchScalarsMax).contains(query.unicodeScalars.count) else {
            throw DomainError.invalid("query", "must be 1 to \(TrackerLimits.searchScalarsMax) characters")
        }
        let limit = try Self.resultLimit(request.pageSize)
        guard request.sourceIds.count <= ServiceLimits.searchSourcesMax else {
            throw DomainError.invalid(
                "source_ids", "must name at most \(ServiceLimits.searchSourcesMax) sources")
        }
        let (choice, sources) = try await searched(request.sourceIds, in: projectID, scope: scope)
        let writer = LinkWriter(configuration: choice.configuration, now: scope.now)
        var results = try await withThrowingTaskGroup(of: (Int, SourceSearchResult).self) { group in
            for (index, source) in sources.enumerated() {
                group.addTask {
                    var result = try await search(query, limit: limit, in: source, choice, scope: scope)
                    result.source = writer.source(source.id)
                    return (index, result)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        results.sort { $0.0 < $1.0 }
        return SearchIssuesResponse(results: results.map(\.1))
    }

    private static func resultLimit(_ pageSize: Int32) throws(DomainError) -> Int {
        guard pageSize >= 0 else {
            throw .invalid(
                "page_size", "must not be negative; 0 means \(ServiceLimits.searchResultsDefault)")
        }
        return pageSize == 0
            ? ServiceLimits.searchResultsDefault : min(Int(pageSize), ServiceLimits.searchResultsMax)
    }

    /// The sources named, or all of the project that can search right now.
    private func searched(
        _ ids: [String], in projectID: ProjectID, scope: CallScope
    ) async throws -> (SourceChoice, [IntegrationSource]) {
        let configuration = try await environment.store.read(scope.tenantID) {
            try environment.configurations.snapshot($0)
        }
        let choice = SourceChoice(
            configuration: configuration, projectID: projectID, registry: environment.registry)
        if ids.isEmpty {
            let able = configuration.sources(in: projectID).filter {
                (try? choice.require(.search, of: $0)) != nil
            }
            return (choice, Array(able.prefix(ServiceLimits.searchSourcesMax)))
        }
        var seen = Set<SourceID>()
        var named = [IntegrationSource]()
        for (index, id) in ids.enumerated() {
            let source = try choice.find(id, field: "source_ids[\(index)]")
            if seen.insert(source.id).inserted { named.append(source) }
        }
        return (choice, named)
    }

    private func search(
        _ query: String, limit: Int, in source: IntegrationSource, _ choice: SourceChoice, scope: CallScope
    ) async throws -> SourceSearchResult {
        let start = ContinuousClock.now
        var result = SourceSearchResult()
        do {
            try choice.require(.search, of: source)
            let tracked = try await environment.store.read(scope.tenantID) {
                try environment.trackerSource(source, in: $0)
            }
            let found = try await environment.trackers.searchIssues(
                query, limit: limit, in: tracked, budget: scope.budget(ServiceLimits.searchBudget))
            let allowed = found.filter { source.allows(externalProject: $0.projectKey) }
            result.issues = try await shown(allowed, of: source, scope: scope)
        } catch {
            // A fault of ours is no verdict on a source.
            guard let verdict = DomainError(causedBy: error) else { throw error }
            result.error = ItemError(verdict)
        }
        result.elapsed = GoogleDuration(ContinuousClock.now - start)
        return result
    }

    /// Shows what a tracker answered; issues that are linked already with their ids.
    func shown(
        _ snapshots: [IssueSnapshot], of source: IntegrationSource, scope: CallScope
    ) async throws -> [Issue] {
        try await environment.store.read(scope.tenantID) { store in
            try snapshots.map { snapshot in
                let known = try store.issues.find(source: source.id, nativeID: snapshot.nativeID)
                let category = source.category(
                    status: snapshot.statusName, type: snapshot.type ?? "",
                    provider: snapshot.providerCategory)
                var issue = Issue(
                    ExternalIssue(
                        id: known?.id ?? IssueID(trusted: ""), tenantID: scope.tenantID, sourceID: source.id,
                        snapshot: snapshot, statusCategory: category, reachability: .ok,
                        fetchedAt: scope.now),
                    now: scope.now)
                issue.id = known?.id.rawValue ?? ""
                return issue
            }
        }
    }
}
