// SPDX-License-Identifier: Apache-2.0

/// One step of a schema's history. Steps run in order, each in a transaction of its own, and are never edited after
/// a release.
public struct SQLMigration: Sendable {
    /// The schema's number after this step; steps count from 1 without gaps.
    public let version: Int
    /// What it does, for logs.
    public let name: String
    /// Statements separated by semicolons; dialect tokens are allowed.
    public let script: String

    /// Makes a step.
    public init(version: Int, name: String, script: String) {
        self.version = version
        self.name = name
        self.script = script
    }
}
