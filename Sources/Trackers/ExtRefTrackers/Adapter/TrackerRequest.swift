// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// A request as an adapter writes it: relative to the source's API address.
public struct TrackerRequest: Sendable {
    public var method: HTTPRequest.Method
    /// Starts with `/` and is percent-encoded.
    public private(set) var path: String
    /// Names and values as they are; encoding is done here.
    public var query: [(name: String, value: String)]
    public var headers: [HTTPField]
    public var body: [UInt8]?

    /// Makes a request.
    /// - Parameter segments: the path below the API address, each part as it is; encoding is done here.
    public init(
        _ method: HTTPRequest.Method = .get, path segments: [String],
        query: [(name: String, value: String)] = [],
        headers: [HTTPField] = [], body: [UInt8]? = nil
    ) {
        self.method = method
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
