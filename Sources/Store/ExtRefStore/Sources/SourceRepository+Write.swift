// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension SourceRepository where Access == WriteAccess {
    /// Stores a new source without credentials.
    /// - Throws: `conflict` with the id of the owner's living source of the same name, case ignored.
    public func insert(_ source: IntegrationSource) throws(StoreError) {
        try requireFreeName(source)
        let values = SourceRow.values(source)
        try sql.run(
            SourceStatements.insert,
            values + [
                .time(source.createdAt), .host(source.createdBy), .time(source.updatedAt),
                .integer(source.revision),
            ])
        try insertLists(of: source)
        try sql.configurationChanged()
    }

    /// Replaces a source's settings, but neither its credentials nor its health.
    /// - Parameter expectedRevision: what the caller read; nil replaces whatever is there.
    /// - Returns: the source as stored, with its new revision.
    /// - Throws: `staleRevision`, `notFound` (also for a deleted one), or `conflict` about the name.
    @discardableResult
    public func update(
        _ source: IntegrationSource, expectedRevision: Int64?
    ) throws(StoreError) -> IntegrationSource {
        try requireRevision(source.id, expectedRevision)
        try requireFreeName(source)
        try sql.run(SourceStatements.update, SourceRow.values(source) + [.time(source.updatedAt)])
        try sql.run(SourceStatements.deleteProjects, [.id(source.id)])
        try sql.run(SourceStatements.deleteExternalProjects, [.id(source.id)])
        try sql.run(SourceStatements.deleteStatusMap, [.id(source.id)])
        try insertLists(of: source)
        return try changed(source.id)
    }

    /// Switches a source on or off.
    /// - Throws: `staleRevision` or `notFound`.
    @discardableResult
    public func setEnabled(
        _ id: SourceID, _ isEnabled: Bool, expectedRevision: Int64?, at time: Timestamp
    ) throws(StoreError) -> IntegrationSource {
        try requireRevision(id, expectedRevision)
        try sql.run(SourceStatements.setEnabled, [.id(id), SQLValue(isEnabled), .time(time)])
        return try changed(id)
    }

    /// Stores what a test of a source's connection found. That is no change of its settings: its revision
    /// stays.
    public func recordHealth(_ id: SourceID, _ health: SourceHealth) throws(StoreError) {
        let denied = try sql.first(SourceStatements.deniedCapabilities, [.id(id)]) {
            (row: inout SQLRow) throws(SQLError) in try row.texts()
        }
        let count = try sql.run(
            SourceStatements.recordHealth,
            [
                .id(id), .time(health.lastProbeAt), .text(health.lastErrorReason),
                .texts(health.deniedCapabilities.map(\.rawValue).sorted()),
            ])
        guard count > 0 else { throw .notFound(.source, id) }
        // What a source can do depends on it, so snapshots of the configuration must learn of it.
        if denied != health.deniedCapabilities.map(\.rawValue).sorted() { try sql.configurationChanged() }
    }

    /// Stores what a token endpoint gave out for a source, sealed. That is no change of its settings: its
    /// revision stays, and so does every snapshot of the configuration.
    public func keepTokens(_ id: SourceID, _ tokens: [SealedCredential]) throws(StoreError) {
        try upsert(id, tokens)
    }

    /// Stores sealed credential fields, each replacing the one of its name. Together with
    /// ``update(_:expectedRevision:)`` in the same transaction the source's etag tells of it.
    public func setCredentials(_ id: SourceID, _ credentials: [SealedCredential]) throws(StoreError) {
        try upsert(id, credentials)
        try sql.configurationChanged()
    }

    private func upsert(_ id: SourceID, _ credentials: [SealedCredential]) throws(StoreError) {
        for credential in credentials {
            try sql.run(
                SourceStatements.upsertCredential,
                [
                    .id(id), .text(credential.name), .blob(credential.sealed), .time(credential.setAt),
                    .host(credential.setBy), .time(credential.expiresAt),
                ])
        }
    }

    /// Erases credential fields.
    /// - Parameter names: which ones; nil = all.
    public func removeCredentials(_ id: SourceID, names: [String]? = nil) throws(StoreError) {
        if let names {
            try sql.run(SourceStatements.deleteCredential, rows: names.map { [.id(id), .text($0)] })
        } else {
            try sql.run(SourceStatements.deleteCredentials, [.id(id)])
        }
        try sql.configurationChanged()
    }

    /// Deletes a source: for good when no link uses it, else leaves a tombstone that links can show.
    /// Credentials and overlays are erased either way.
    /// - Throws: `staleRevision` or `notFound`.
    public func delete(
        _ id: SourceID, expectedRevision: Int64?, at time: Timestamp
    ) throws(StoreError) -> Deletion {
        try requireRevision(id, expectedRevision)
        let links = try usage(of: id).reduce(0) { $0 + $1.links }
        if links == 0 {
            try sql.run(SourceStatements.erase, [.id(id)])
        } else {
            try sql.run(SourceStatements.retire, [.id(id), .time(time)])
            try sql.run(SourceStatements.deleteCredentials, [.id(id)])
            try sql.run(SourceStatements.deleteOverlays, [.id(id)])
        }
        try sql.configurationChanged()
        return links == 0 ? .erased : .retired(links: links)
    }

    private func changed(_ id: SourceID) throws(StoreError) -> IntegrationSource {
        try sql.configurationChanged()
        guard let source = try get(id) else { throw .notFound(.source, id) }
        return source
    }

    private func insertLists(of source: IntegrationSource) throws(StoreError) {
        if case .projects(let projects) = source.availability {
            try sql.run(
                SourceStatements.insertProject, rows: projects.sorted().map { [.id(source.id), .host($0)] })
        }
        try sql.run(
            SourceStatements.insertExternalProject,
            rows: source.allowedExternalProjects.enumerated().map { position, project in
                [.id(source.id), .integer(Int64(position)), .text(project)]
            })
        try sql.run(
            SourceStatements.insertStatus,
            rows: source.statusMap.enumerated().map { position, mapping in
                [
                    .id(source.id), .integer(Int64(position)), .text(mapping.status), .text(mapping.type),
                    .word(mapping.category),
                ]
            })
    }

    private func requireFreeName(_ source: IntegrationSource) throws(StoreError) {
        let namesake: SourceID? = try sql.first(
            SourceStatements.namesake,
            [.owner(source.owner), .text(NameFolding.fold(source.displayName)), .id(source.id)]
        ) { (row: inout SQLRow) in row.id() }
        if let namesake { throw .conflict(.source, existingID: namesake) }
    }

    private func requireRevision(_ id: SourceID, _ expected: Int64?) throws(StoreError) {
        let current = try sql.first(SourceStatements.revision, [.id(id)]) { (row: inout SQLRow) in
            row.integer()
        }
        guard let current else { throw .notFound(.source, id) }
        if let expected, expected != current { throw .stale(.source, id, current: current) }
    }
}
