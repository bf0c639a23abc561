// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// A request as an adapter writes it: relative to one of the source's addresses.
public struct TrackerRequest: Sendable {
    /// What the path is relative to.
    public enum Base: Sendable, Hashable {
        /// The source's API address, see ``Tracker/apiBaseURL(of:)``.
        case api
        /// Where people open issues.
        case web
        /// An address of the vendor's own, such as that of its token endpoint. It comes from the adapter or
        /// from a setting whose change needs the secrets again, never from an answer.
        case address(String)
    }

    public var method: HTTPRequest.Method
    public var base: Base = .api
    /// Starts with `/` and is percent-encoded; may be empty for an address that is whole already.
    public private(set) var path: String
    /// Names and values as they are; encoding is done here.
    public var query: [(name: String, value: String)]
    public var headers: [HTTPField]
    public var body: [UInt8]?
    /// Failing statuses whose answer the adapter wants to read itself.
    public var acceptedStatuses: Set<Int> = []
    /// Whether the runner follows a redirect within the API address, as for an issue that moved. For `GET`
    /// only, at most ``TrackerLimits/redirectsMax`` times.
    public var followsMoves = false
    /// Whether it only asks, as every `GET` does. A `POST` may too, such as a query of GraphQL: saying so
    /// keeps what fails after it from being taken for a write whose answer got lost.
    public var changesNothing: Bool
    /// How long a good answer may be used again, for what changes seldom, such as a project's list of
    /// states; zero = never.
    public var reusableFor = Duration.zero

    /// Makes a request.
    /// - Parameter segments: the path below the base, each part as it is; encoding is done here.
    public init(
        _ method: HTTPRequest.Method = .get, path segments: [String],
        query: [(name: String, value: String)] = [],
        headers: [HTTPField] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        changesNothing = method == .get || method == .head
        path = segments.map { "/" + PercentCoding.encode($0) }.joined()
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Path and encoded query.
    public var pathAndQuery: String {
        guard !query.isEmpty else { return path }
        let items = query.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
        return path + "?" + items.joined(separator: "&")
    }
}

extension TrackerRequest: CustomStringConvertible {
    /// Method and path; headers and body may hold secrets, the query what people typed.
    public var description: String { "\(method.rawValue) \(path)" }
}
