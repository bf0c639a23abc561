// SPDX-License-Identifier: Apache-2.0

/// Names the kind of thing an ``Identifier`` points to.
public protocol IdentifierKind: Sendable {
    /// The short prefix in front of the ULID, without the underscore.
    static var prefix: String { get }
}

/// A type prefix and a ULID, for example `lnk_01JD3V5W0000000000000000000`.
///
/// The prefix makes a swapped argument visible to people; the type parameter makes it a compile error for us.
/// The ULID's 80 random bits make ids unguessable, its time makes them sort by creation.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, CustomStringConvertible {
    /// The whole text, prefix included.
    public let rawValue: String

    /// Accepts text only in canonical form: the right prefix and 26 upper-case Crockford base-32 characters.
    public init?(_ text: String) {
        let prefix = Kind.prefix + "_"
        guard text.utf8.count == prefix.utf8.count + ULID.textBytes, text.hasPrefix(prefix),
            text.utf8.dropFirst(prefix.utf8.count).allSatisfy(ULID.isDigit)
        else { return nil }
        rawValue = text
    }

    /// Trusts text that this product wrote itself, such as a stored key.
    public init(trusted text: String) {
        rawValue = text
    }

    /// Makes a new id from the time and 80 random bits.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        rawValue = Kind.prefix + "_" + ULID.text(at: time, using: &generator)
    }

    /// Makes the next id of a sequence, greater than all before it.
    public init(
        at time: Timestamp, in sequence: inout ULID.Sequence,
        using generator: inout some RandomNumberGenerator
    ) {
        rawValue = Kind.prefix + "_" + sequence.next(at: time, using: &generator)
    }

    public var description: String { rawValue }
}

extension Identifier: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Marks ids of integration sources.
public enum SourceKind: IdentifierKind { public static let prefix = "src" }
/// Marks ids of relations.
public enum RelationKind: IdentifierKind { public static let prefix = "rel" }
/// Marks ids of external issues.
public enum IssueKind: IdentifierKind { public static let prefix = "iss" }
/// Marks ids of links.
public enum LinkKind: IdentifierKind { public static let prefix = "lnk" }
/// Marks ids of audit entries.
public enum AuditKind: IdentifierKind { public static let prefix = "aud" }
/// Marks ids of wishes to create an issue.
public enum CreationKind: IdentifierKind { public static let prefix = "cre" }
/// Marks ids of notifications.
public enum WebhookRecordKind: IdentifierKind { public static let prefix = "whk" }
/// Marks ids of jobs.
public enum JobKind: IdentifierKind { public static let prefix = "job" }

/// Names a source.
public typealias SourceID = Identifier<SourceKind>
/// Names a relation.
public typealias RelationID = Identifier<RelationKind>
/// Names an issue.
public typealias IssueID = Identifier<IssueKind>
/// Names a link.
public typealias LinkID = Identifier<LinkKind>
/// Names an audit entry.
public typealias AuditEntryID = Identifier<AuditKind>
/// The id of a wish to create an issue.
public typealias CreationID = Identifier<CreationKind>
/// The id of a notification.
public typealias WebhookRecordID = Identifier<WebhookRecordKind>
/// The id of a job.
public typealias JobID = Identifier<JobKind>
