// SPDX-License-Identifier: Apache-2.0

public import SQLEngine

/// What a failure of the store is about.
public enum ResourceKind: String, Sendable, Hashable, CaseIterable {
    case tenant, source, relation, overlay, issue, link
    case requestID = "request_id"
}

/// A failure of the store.
public struct StoreError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// It does not exist in this tenant.
        case notFound(ResourceKind, String)
        /// A living one of the same name or key exists.
        case conflict(ResourceKind, existingID: String)
        /// It was changed since the caller read it.
        case staleRevision(ResourceKind, String, current: Int64)
        /// A write refers to something that does not exist in this tenant.
        case foreignKey
        /// No space is left on the store's disk.
        case storageFull
        /// Too much work is waiting, or a read took too long. Trying again may help.
        case busy
        /// The database file is damaged.
        case damaged
        /// The database was written by a newer program.
        case schemaTooNew(found: Int, known: Int)
        /// The database cannot be opened or written.
        case unavailable
        /// The `request_id` was used for another request.
        case requestIDReused
        /// A value breaks a rule of the schema: our own mistake.
        case `internal`
    }

    public let code: Code
    /// A sentence for operators, free of values.
    public let message: String
    /// The database's own failure, if it is one.
    public let cause: SQLError?

    /// Makes a failure.
    public init(_ code: Code, _ message: String, cause: SQLError? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Translates a failure of the database.
    init(_ error: SQLError) {
        let (code, message): (Code, String) =
            switch error.code {
            case .foreignKey:
                (.foreignKey, "A row refers to one that does not exist, or is still referred to.")
            case .storageFull: (.storageFull, "The store's disk is full.")
            case .busy: (.busy, error.message)
            case .interrupted: (.busy, "A read took longer than it may.")
            case .damaged: (.damaged, "The database is damaged: restore it from a backup.")
            case .schemaTooNew(let found, let known):
                (.schemaTooNew(found: found, known: known), error.message)
            case .cannotOpen, .closed, .inputOutput: (.unavailable, error.message)
            case .unique, .refused, .misuse, .other: (.internal, error.message)
            }
        self.init(code, message, cause: error)
    }

    static func notFound(_ kind: ResourceKind, _ id: some CustomStringConvertible) -> StoreError {
        StoreError(.notFound(kind, id.description), "The \(kind.rawValue) does not exist.")
    }

    static func conflict(_ kind: ResourceKind, existingID: some CustomStringConvertible) -> StoreError {
        StoreError(
            .conflict(kind, existingID: existingID.description), "The \(kind.rawValue) exists already.")
    }

    static func stale(_ kind: ResourceKind, _ id: some CustomStringConvertible, current: Int64) -> StoreError
    {
        StoreError(
            .staleRevision(kind, id.description, current: current),
            "The \(kind.rawValue) was changed meanwhile.")
    }
}
