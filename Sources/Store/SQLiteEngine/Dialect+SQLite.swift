// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

extension Dialect {
    /// SQLite 3.38 or newer (strict tables, JSON as part of the core, RETURNING).
    static let sqlite = Dialect(
        name: "SQLite", integerType: "INTEGER", bytesType: "BLOB", tableSuffix: "STRICT, WITHOUT ROWID",
        list: { "json_each(\($0))" },
        appendOnly: { table in
            ["UPDATE", "DELETE"].map { event in
                """
                CREATE TRIGGER \(table)_no_\(event.lowercased()) BEFORE \(event) ON \(table)
                BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
                """
            }.joined(separator: "\n")
        })
}
