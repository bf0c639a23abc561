// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

/// A source's own row: how it is read and written. What hangs on it comes from other tables.
enum SourceRow {
    static let columns = """
        s.source_id, s.owner_project, s.provider_id, s.display_name, s.base_url, s.created_at, s.created_by,
        s.api_base_url, s.authentication_method, s.authentication_settings, s.switched_off,
        s.issue_url_template, s.create_url_template, s.key_pattern, s.default_external_project,
        s.is_everywhere, s.is_enabled, s.last_probe_at,
        (SELECT y.last_pass_at FROM source_syncs y WHERE y.tenant_id = $1 AND y.source_id = s.source_id),
        s.last_error_reason, s.updated_at,
        s.deleted_at, s.revision, s.test_object_url_template, s.allows_back_link_comments,
        s.issue_title_template, s.issue_description_template, s.denied_capabilities
        """

    static func decode(_ row: inout SQLRow, tenantID: TenantID) throws(SQLError) -> IntegrationSource {
        var source = IntegrationSource(
            id: row.id(), tenantID: tenantID, owner: Owner(stored: row.text()),
            providerID: ProviderID(rawValue: row.text()), displayName: row.text(), baseURL: row.text(),
            createdAt: row.time(), createdBy: row.hostID())
        source.apiBaseURL = row.text()
        source.authenticationMethod = AuthenticationMethodID(rawValue: row.text())
        source.authenticationSettings = Dictionary(try row.pairs()) { _, last in last }
        // A capability that a newer program switched off means nothing to this one.
        source.switchedOff = Set(try row.texts().compactMap(Capability.init(rawValue:)))
        source.issueURLTemplate = row.text()
        source.createURLTemplate = row.text()
        source.keyPattern = row.text()
        source.defaultExternalProject = row.text()
        source.availability = row.flag() ? .allProjects : .projects([])
        source.isEnabled = row.flag()
        source.health.lastProbeAt = row.optionalTime()
        source.health.lastSyncAt = row.optionalTime()
        source.health.lastErrorReason = row.text()
        source.updatedAt = row.time()
        source.deletedAt = row.optionalTime()
        source.revision = row.integer()
        source.testObjectURLTemplate = row.text()
        source.allowsBackLinkComments = row.flag()
        source.issueTitleTemplate = row.text()
        source.issueDescriptionTemplate = row.text()
        source.health.deniedCapabilities = Set(try row.texts().compactMap(Capability.init(rawValue:)))
        return source
    }

    /// The values of `$2` to `$21`, which insert and update share.
    static func values(_ source: IntegrationSource) -> [SQLValue] {
        let settings = source.authenticationSettings.sorted { $0.key < $1.key }.flatMap {
            [$0.key, $0.value]
        }
        return [
            .id(source.id), .owner(source.owner), .text(source.providerID.rawValue),
            .text(source.displayName),
            .text(NameFolding.fold(source.displayName)), .text(source.baseURL), .text(source.apiBaseURL),
            .text(source.authenticationMethod.rawValue), .texts(settings),
            .texts(source.switchedOff.map(\.rawValue).sorted()), .text(source.issueURLTemplate),
            .text(source.createURLTemplate), .text(source.keyPattern), .text(source.defaultExternalProject),
            SQLValue(source.availability == .allProjects), SQLValue(source.isEnabled),
            .text(source.testObjectURLTemplate), SQLValue(source.allowsBackLinkComments),
            .text(source.issueTitleTemplate), .text(source.issueDescriptionTemplate),
        ]
    }
}

/// How names and keys are compared: without regard to case, the same way on every engine.
enum NameFolding {
    static func fold(_ text: String) -> String { text.lowercased() }
}
