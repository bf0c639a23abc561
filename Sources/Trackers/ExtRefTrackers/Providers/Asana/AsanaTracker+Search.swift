// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AsanaTracker: IssueSearching {
    /// How long the workspaces of a token are remembered.
    private static let workspacesLife = Duration.seconds(3_600)

    /// Asks what Asana's own search boxes ask. The full search, which could sort and filter, is for paying
    /// workspaces only. A number means that task; if there is none, it is a word like any other.
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard Self.isGID(words) else { return try find(words, limit: limit, in: source) }
        var request = try request(
            .get, ["tasks", words], query: [("opt_fields", AsanaWire.Task.fields)], of: source)
        request.acceptedStatuses = [403, 404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status == 200 else { return try find(words, limit: limit, in: source) }
            return .done([try readTask(response, from: source)])
        }
    }

    private func find(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try workspace(of: source).then { (workspace) throws(TrackerError) in
            let request = try request(
                .get, ["workspaces", workspace, "typeahead"],
                query: [
                    ("resource_type", "task"), ("query", words), ("count", String(limit)),
                    ("opt_fields", AsanaWire.Task.fields),
                ], of: source)
            return .send(request) { (response) throws(TrackerError) in
                try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Task>.self, from: response).elements
                    .compactMap { snapshot($0, of: source) }
            }
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
