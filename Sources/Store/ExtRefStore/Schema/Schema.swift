// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

/// The history of the store's schema. A released step is never edited; a change is a new step.
///
/// Rules that every step keeps:
/// - the primary key of a tenant's table starts with `tenant_id`, and foreign keys carry it along, so that a
///   reference across tenants cannot be stored;
/// - times are milliseconds since 1970, flags 0 or 1, words of the domain their raw values;
/// - columns named `…_folded` hold the lower-case form that uniqueness and look-ups use;
/// - JSON holds what no query looks into: lists of labels, people, settings, field changes.
enum Schema {
    static let migrations = [
        SQLMigration(
            version: 1, name: "first schema", script: firstTables.joined(separator: "\n"), shapes: shapes),
        SQLMigration(
            version: 2, name: "writing to trackers", script: trackerTables, shapes: trackerShapes),
        SQLMigration(
            version: 3, name: "keeping in step with trackers", script: syncTables, shapes: syncShapes),
    ]

    private static let firstTables = [
        tenantTables, sourceTables, relationTables, overlayTables, issueTables, linkTables, historyTables,
        requestTables, jobTables,
    ]

    /// The tables whose rows belong to a tenant; every statement on them binds it.
    static let tenantTableNames = [
        "tenants", "sources", "source_credentials", "source_projects", "source_external_projects",
        "source_status_map", "relations", "relation_projects", "relation_object_kinds", "project_overlays",
        "issues", "issue_aliases", "links", "link_ancestors", "changes", "audit_entries", "request_ids",
        "jobs", "issue_creations", "back_links", "link_fingerprints", "source_syncs", "webhook_deliveries",
        "webhook_receipts",
    ]
}
