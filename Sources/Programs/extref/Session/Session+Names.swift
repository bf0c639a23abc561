// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

// People name sources and relations by name; the contract wants ids. A name is looked up among those the
// caller sees.
extension Session {
    /// The id of a source named by id or by display name.
    func sourceID(_ text: String, project: String = "") async throws -> String {
        if text.hasPrefix("src_") { return text }
        var request = ListSourcesRequest(
            pageSize: CLILimits.pageSizeMax, projectID: project, showDisabled: true)
        var matches: [String] = []
        repeat {
            let response = try await admin.listSources(request, options: options)
            matches += response.sources.filter { $0.displayName.isSameName(as: text) }.map(\.id)
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        return try only(matches, "source", text)
    }

    /// The id of a relation named by id or by name.
    func relationID(_ text: String, project: String = "") async throws -> String {
        if RelationText.isID(text) { return text }
        var request = ListRelationsRequest(
            pageSize: CLILimits.pageSizeMax, projectID: project, showDisabled: true)
        var matches: [String] = []
        repeat {
            let response = try await admin.listRelations(request, options: options)
            matches += response.relations.filter { $0.name.isSameName(as: text) }.map(\.id)
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        return try only(matches, "relation", text)
    }

    private func only(_ matches: [String], _ kind: String, _ text: String) throws -> String {
        guard matches.count <= 1 else {
            throw ValidationError(
                "The name '\(text)' fits several \(kind)s; use an id: \(matches.joined(separator: ", ")).")
        }
        guard let match = matches.first else {
            throw ValidationError(
                "There is no \(kind) '\(text)'; 'extref \(kind)s list' shows those there are.")
        }
        return match
    }
}

extension String {
    fileprivate func isSameName(as other: String) -> Bool { lowercased() == other.lowercased() }
}
