// SPDX-License-Identifier: Apache-2.0

/// One step of a schema's history. Steps run in order, each in a transaction of its own, and are never edited
/// after a release.
public struct SQLMigration: Sendable {
    /// The schema's number after this step; steps count from 1 without gaps.
    public let version: Int
    /// What it does, for logs.
    public let name: String
    /// Statements separated by semicolons; dialect tokens are allowed.
    public let script: String
    /// What the tables are expected to look like, for engines that do not find out by themselves.
    public let shapes: [IndexShape]

    /// Makes a step.
    public init(version: Int, name: String, script: String, shapes: [IndexShape] = []) {
        self.version = version
        self.name = name
        self.script = script
        self.shapes = shapes
    }
}

/// How selective an index is expected to be. A planner without such knowledge takes the first column for the
/// most telling one; ours is the tenant, which tells least.
public struct IndexShape: Sendable, Hashable {
    public let table: String
    /// The index, or the table's own name for its primary key.
    public let index: String
    /// Rows in all, then rows that agree in the first column, in the first two, and so on.
    public let rows: [Int]

    public init(_ table: String, _ index: String, _ rows: [Int]) {
        self.table = table
        self.index = index
        self.rows = rows
    }
}
