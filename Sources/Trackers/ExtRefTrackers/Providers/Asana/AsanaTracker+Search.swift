// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AsanaTracker: IssueSearching {
    /// How long the workspaces of a token are remembered.
    private static let workspacesLife = Duration.seconds(3_600)
    /// Allowed projects that a search is limited to; what more projects bring is filtered later.
    private static let searchedProjectsMax = 50

    /// A number means that task; if there is none, it is a word like any other.
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard Self.isGID(words) else { return try find(words, limit: limit, in: source) }
        var request = try request(
            .get, ["tasks", words], query: [("opt_fields", AsanaWire.Task.fields)], of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 404 else { return try find(words, limit: limit, in: source) }
            return .done([try readTask(response, from: source)])
        }
    }

    /// Searches in full where the workspace pays for that, else as Asana's own search boxes do, which tell
    /// names only.
    private func find(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try workspace(of: source).then { (workspace) throws(TrackerError) in
            let allowed = source.source.allowedExternalProjects.prefix(Self.searchedProjectsMax)
            let projects =
                allowed.isEmpty ? [] : [(name: "projects.any", value: allowed.joined(separator: ","))]
            var request = try request(
                .get, ["workspaces", workspace, "tasks", "search"],
                query: [("text", words), ("sort_by", "modified_at")] + projects
                    + [("opt_fields", AsanaWire.Task.fields)], of: source)
            request.acceptedStatuses = [402]
            return .send(request) { (response) throws(TrackerError) in
                guard response.status != 402 else {
                    return try findByName(words, limit: limit, workspace, in: source)
                }
                let found = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Task>.self, from: response)
                    .elements
                return .done(Array(found.prefix(limit).compactMap { snapshot($0, of: source) }))
            }
        }
    }

    private func findByName(
        _ words: String, limit: Int, _ workspace: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let request = try request(
            .get, ["workspaces", workspace, "typeahead"],
            query: [
                ("resource_type", "task"), ("query", words), ("count", String(limit)), ("opt_fields", "name"),
            ], of: source)
        return .send(request) { (response) throws(TrackerError) in
            let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Reference>.self, from: response)
            let references = page.elements.map(\.gid).filter(Self.isGID).prefix(limit)
                .map { IssueReference(key: $0) }
            return try readAll(batches(of: Array(references))[...], found: [], in: source)
        }
    }

    private func readAll(
        _ batches: ArraySlice<[IssueReference]>, found: [IssueSnapshot], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let batch = batches.first else { return .done(found) }
        return try fetchBatch(batch, from: source).then { (answer) throws(TrackerError) in
            try readAll(batches.dropFirst(), found: found + answer.found, in: source)
        }
    }

    /// The workspace that the source names, else the only one that the token sees.
    func workspace(of source: TrackerSource) throws(TrackerError) -> TrackerCall<String> {
        try workspaces(of: source).map { (gids) throws(TrackerError) in
            guard gids.count == 1 else {
                throw TrackerError(
                    .invalidRequest,
                    "The token's person is in several workspaces; enter one in the source's settings.")
            }
            return gids[0]
        }
    }

    /// The workspace that the source names, else the first ones that the token sees; never none.
    func workspaces(of source: TrackerSource) throws(TrackerError) -> TrackerCall<[String]> {
        let own = source.setting(Self.workspaceField)
        if Self.isGID(own) { return .done([own]) }
        var request = try request(.get, ["workspaces"], query: [("limit", "10")], of: source)
        request.reusableFor = Self.workspacesLife
        return .send(request) { (response) throws(TrackerError) in
            let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Reference>.self, from: response)
            let gids = page.elements.map(\.gid).filter(Self.isGID)
            guard !gids.isEmpty else {
                throw TrackerError(.permissionDenied, "The token's person is in no Asana workspace.")
            }
            return .done(gids)
        }
    }
}
