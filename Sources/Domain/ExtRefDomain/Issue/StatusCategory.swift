// SPDX-License-Identifier: Apache-2.0

/// What a status means, whatever the tracker calls it. Unknown is never shown as closed.
public enum StatusCategory: String, Sendable, Hashable, CaseIterable {
    case unknown
    case todo
    case inProgress = "in_progress"
    case done
    case canceled

    /// Whether nobody is expected to work on it any more.
    public var isClosed: Bool { self == .done || self == .canceled }
}

/// Whether the tracker still shows us the issue.
public enum Reachability: String, Sendable, Hashable, CaseIterable {
    /// Saved, but not read yet.
    case pending
    case ok
    /// The tracker says it was deleted.
    case gone
    /// The tracker refuses it to the source's credential.
    case forbidden
    /// It lies outside the external projects the source may use.
    case outOfScope = "out_of_scope"
    /// The tracker did not answer, or not sensibly.
    case unreachable
    /// The tracker says "not found", which many say of forbidden ones too.
    case notFound = "not_found"
    /// A call for many issues left it out, which may mean anything; a single read will tell.
    case notReturned = "not_returned"
}

/// A person as the tracker shows them; never matched to a local user without proof.
public struct ExternalPerson: Sendable, Hashable {
    /// The tracker's own id of the person.
    public let id: String
    public let displayName: String

    public init(id: String, displayName: String) {
        self.id = id
        self.displayName = displayName
    }
}
