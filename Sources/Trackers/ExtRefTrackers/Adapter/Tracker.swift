// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What every provider can do: tell its own URLs and keys from others. Pure: no clock, no network, no state.
///
/// An adapter that can do more says so by conforming to more: ``IssueFetching``, ``BatchFetching``,
/// ``IssueSearching``, ``IssueCreating``, ``BackLinking``, ``ConnectionProbing`` and so on. All of them only
/// write requests and read answers;
/// ``TrackerRunner`` sends, limits, judges and maps errors, the same way for all.
public protocol Tracker: Sendable {
    /// What an admin can know about the provider before any source exists.
    var description: ProviderDescription { get }

    /// Finds the key in what stands behind a source's base URL.
    /// - Returns: a canonical key; nil when the place is no issue.
    func key(at location: IssueLocation) -> String?

    /// Finds the key in an address at the source's host that leaves out the rest of its base URL, where the
    /// vendor has such addresses. Whether the issue is of this source, only the tracker can tell.
    /// - Parameter location: the whole path.
    func keyWithoutBase(at location: IssueLocation) -> String?

    /// Where the API answers when the source names no address of its own for it.
    func apiBaseURL(of source: IntegrationSource) -> String

    /// Completes a key that a person typed without its project, such as `#12` where `owner/repo#12` is
    /// meant.
    /// - Parameter project: the external project assumed here; may be empty.
    func completedKey(_ typed: String, project: String) -> String

    /// Where people open an issue, when that is more than filling in a template.
    /// - Returns: nil when the description's template says it all.
    func issueURL(of key: String, baseURL: String) -> String?

    /// Brings a key that a person typed into the one form that is stored, such as `#12` into `12`.
    /// - Returns: nil when it is outside the provider's grammar.
    func canonicalKey(_ typed: String) -> String?

    /// The key as people write it, such as `#12`.
    func displayKey(_ key: String) -> String

    /// How sure it is that a word of a free text means an issue of this provider: 0 (no) to 1.
    func confidence(inFreeText word: String) -> Double

    /// Faults of a source's settings that only this provider knows of; fields named as in `extref.v1.Source`.
    func violations(of source: IntegrationSource) -> [FieldViolation]
}

extension Tracker {
    public func keyWithoutBase(at location: IssueLocation) -> String? { nil }

    public func apiBaseURL(of source: IntegrationSource) -> String { source.baseURL }

    public func completedKey(_ typed: String, project: String) -> String { typed }

    public func issueURL(of key: String, baseURL: String) -> String? { nil }

    public func displayKey(_ key: String) -> String { key }

    public func confidence(inFreeText word: String) -> Double { 0 }

    public func violations(of source: IntegrationSource) -> [FieldViolation] { [] }
}

/// What stands behind a source's base URL in a URL somebody pasted, decoded.
public struct IssueLocation: Sendable, Hashable {
    /// Parts of the path, none of them empty.
    public let segments: [String]
    /// Items of the query, in order.
    public let query: [QueryItem]
    /// Behind the `#`; empty when there is none.
    public let fragment: String

    /// Makes a location.
    public init(segments: [String], query: [QueryItem] = [], fragment: String = "") {
        self.segments = segments
        self.query = query
        self.fragment = fragment
    }

    /// The value of the first item of a name, compared without case.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// One decoded item of a query.
public struct QueryItem: Sendable, Hashable {
    public let name: String
    public let value: String

    /// Makes an item.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
