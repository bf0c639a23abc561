// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

extension Schema {
    /// A store as we expect it when it is large: ten tenants, of which each has twenty projects with 5,000
    /// links. Only the proportions matter: they make a planner use every column of an index that a query
    /// binds.
    static let shapes =
        primaryKeys.map { IndexShape($0.table, $0.table, $0.rows) }
        + indexes.map { IndexShape($0.table, $0.index, $0.rows) }

    private static let primaryKeys: [(table: String, rows: [Int])] = [
        ("tenants", [10, 1]),
        ("sources", [100, 10, 1]),
        ("source_credentials", [200, 20, 2, 1]),
        ("source_projects", [1_000, 100, 10, 1]),
        ("source_external_projects", [1_000, 100, 10, 1]),
        ("source_status_map", [1_000, 100, 10, 1]),
        ("relations", [200, 20, 1]),
        ("relation_projects", [1_000, 100, 10, 1]),
        ("relation_object_kinds", [400, 40, 2, 1]),
        ("project_overlays", [2_000, 200, 10, 1]),
        ("issues", [300_000, 30_000, 1]),
        ("issue_aliases", [330_000, 33_000, 3_300, 1]),
        ("links", [1_000_000, 100_000, 1]),
        ("link_ancestors", [2_000_000, 200_000, 10_000, 5_000, 200, 1]),
        ("changes", [5_000_000, 500_000, 1]),
        ("audit_entries", [1_000_000, 100_000, 1]),
        ("request_ids", [500_000, 50_000, 500, 200, 1]),
        ("jobs", [100_000, 10_000, 1]),
    ]

    private static let indexes: [(table: String, index: String, rows: [Int])] = [
        ("sources", "sources_by_name", [100, 10, 5, 1]),
        ("relations", "relations_by_name", [200, 20, 10, 1]),
        ("project_overlays", "overlays_default_source", [200, 20, 1]),
        ("project_overlays", "overlays_default_relation", [200, 20, 1]),
        ("project_overlays", "overlays_by_source", [2_000, 200, 20]),
        ("project_overlays", "overlays_by_relation", [2_000, 200, 10]),
        ("issues", "issues_by_source", [300_000, 30_000, 3_000, 1]),
        ("issues", "issues_by_native_id", [300_000, 30_000, 3_000, 1]),
        ("issue_aliases", "issue_aliases_by_issue", [330_000, 33_000, 1]),
        ("links", "links_by_object", [1_000_000, 100_000, 5_000, 2_000, 2, 1, 1]),
        ("links", "links_by_project", [1_000_000, 100_000, 5_000, 1]),
        ("links", "links_by_project_issue", [1_000_000, 100_000, 5_000, 2, 1]),
        ("links", "links_by_issue", [1_000_000, 100_000, 3, 2, 1]),
        ("links", "links_by_source", [1_000_000, 100_000, 10_000, 500, 1]),
        ("links", "links_by_relation", [1_000_000, 100_000, 10_000, 500, 1]),
        ("link_ancestors", "link_ancestors_by_link", [2_000_000, 200_000, 2]),
        ("audit_entries", "audit_entries_by_project", [1_000_000, 100_000, 5_000, 1]),
        ("audit_entries", "audit_entries_by_resource", [1_000_000, 100_000, 10, 1]),
        ("request_ids", "request_ids_by_age", [500_000, 50_000, 2]),
        ("jobs", "jobs_by_subject", [100_000, 10_000, 2_000, 1]),
        ("jobs", "jobs_by_source", [100_000, 10_000, 1_000]),
        ("jobs", "jobs_by_due_time", [100_000, 2]),
    ]
}
