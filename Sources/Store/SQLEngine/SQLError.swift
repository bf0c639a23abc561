// SPDX-License-Identifier: Apache-2.0

/// A failure of the database, told the same way by every engine.
public struct SQLError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// A unique index or primary key holds such a row already.
        case unique
        /// A row refers to one that does not exist, or is still referred to.
        case foreignKey
        /// A check, a not-null rule or a trigger refused the row.
        case refused
        /// No space is left; nothing of the transaction was kept.
        case storageFull
        /// The store cannot take more work right now.
        case busy
        /// A read ran longer than it may and was stopped.
        case interrupted
        /// The file is no database, or is damaged.
        case damaged
        /// The schema was written by a newer program.
        case schemaTooNew(found: Int, known: Int)
        /// The file or directory cannot be opened or written.
        case cannotOpen
        /// The engine was closed.
        case closed
        /// A statement does not fit the schema or was used against its rules: our own mistake.
        case misuse
        /// Reading or writing the medium failed.
        case inputOutput
        /// Anything else; ``SQLError/message`` has the engine's words.
        case other
    }

    public let code: Code
    /// For operators: the engine's own words. Never shown to a caller.
    public let message: String
    /// The statement that failed, without its values.
    public let statement: String

    /// Makes a failure.
    public init(_ code: Code, _ message: String, statement: String = "") {
        self.code = code
        self.message = message
        self.statement = statement
    }
}
