// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// `native_id` is null until the tracker has answered: nulls never collide in the unique index.
    static let issueTables = """
        CREATE TABLE issues (
            tenant_id TEXT NOT NULL,
            issue_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            native_id TEXT,
            issue_key TEXT NOT NULL,
            previous_keys TEXT NOT NULL,
            project_key TEXT NOT NULL,
            web_url TEXT NOT NULL,
            title TEXT NOT NULL,
            status_name TEXT NOT NULL,
            provider_category TEXT NOT NULL,
            status_category TEXT NOT NULL,
            resolution TEXT,
            assignees TEXT NOT NULL,
            priority TEXT,
            issue_type TEXT,
            labels TEXT NOT NULL,
            created_at {INT},
            updated_at {INT},
            closed_at {INT},
            reachability TEXT NOT NULL,
            fetched_at {INT},
            next_fetch_at {INT},
            validator TEXT NOT NULL,
            last_error_reason TEXT NOT NULL,
            last_error_message TEXT NOT NULL,
            revision {INT} NOT NULL,
            PRIMARY KEY (tenant_id, issue_id),
            FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, source_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE UNIQUE INDEX issues_by_source ON issues (tenant_id, source_id, issue_id);
        CREATE UNIQUE INDEX issues_by_native_id ON issues (tenant_id, source_id, native_id);
        CREATE TABLE issue_aliases (
            tenant_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            key_folded TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue_id TEXT NOT NULL,
            PRIMARY KEY (tenant_id, source_id, key_folded),
            FOREIGN KEY (tenant_id, source_id, issue_id)
                REFERENCES issues (tenant_id, source_id, issue_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE INDEX issue_aliases_by_issue ON issue_aliases (tenant_id, issue_id);
        """

    /// A link's foreign key names its issue's source too, so that it cannot claim another one. `target`
    /// repeats the issue id or URL, because a key may not hold nulls. `ancestors` is what a reader wants to
    /// see; the rows of `link_ancestors` are what a search from an ancestor uses.
    static let linkTables = """
        CREATE TABLE links (
            tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
            link_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            object_id TEXT NOT NULL,
            ancestors TEXT NOT NULL,
            source_id TEXT,
            issue_id TEXT,
            url TEXT,
            target TEXT NOT NULL,
            relation_id TEXT NOT NULL,
            note TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at {INT} NOT NULL,
            updated_at {INT} NOT NULL,
            revision {INT} NOT NULL,
            PRIMARY KEY (tenant_id, link_id),
            CHECK ((source_id IS NULL) = (issue_id IS NULL)),
            CHECK ((issue_id IS NULL) <> (url IS NULL)),
            CHECK (target = coalesce(issue_id, url)),
            FOREIGN KEY (tenant_id, source_id, issue_id) REFERENCES issues (tenant_id, source_id, issue_id),
            FOREIGN KEY (tenant_id, relation_id) REFERENCES relations (tenant_id, relation_id)
        ) {TABLE};
        CREATE UNIQUE INDEX links_by_object
            ON links (tenant_id, project_id, object_kind, object_id, target, relation_id);
        CREATE INDEX links_by_project ON links (tenant_id, project_id, link_id);
        CREATE INDEX links_by_project_issue ON links (tenant_id, project_id, issue_id, link_id);
        CREATE INDEX links_by_issue ON links (tenant_id, issue_id, project_id, link_id);
        CREATE INDEX links_by_source ON links (tenant_id, source_id, project_id, link_id);
        CREATE INDEX links_by_relation ON links (tenant_id, relation_id, project_id, link_id);
        CREATE TABLE link_ancestors (
            tenant_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            object_id TEXT NOT NULL,
            link_id TEXT NOT NULL,
            PRIMARY KEY (tenant_id, project_id, object_kind, object_id, link_id),
            FOREIGN KEY (tenant_id, link_id) REFERENCES links (tenant_id, link_id) ON DELETE CASCADE
        ) {TABLE};
        CREATE INDEX link_ancestors_by_link ON link_ancestors (tenant_id, link_id);
        """
}
