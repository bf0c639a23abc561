// SPDX-License-Identifier: Apache-2.0

/// One request. It is sent once: no redirect is followed, no cookie kept, nothing repeated.
public struct HTTPRequest: Sendable {
    /// The methods a tracker needs.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether sending it twice does what sending it once does (RFC 9110, 9.2.2).
        public var isIdempotent: Bool { self != .post && self != .patch }
    }

    public var method: Method
    /// The absolute URL; the egress policy reads it and nothing else does.
    public var url: String
    public var headers: [HTTPField]
    /// Sent with `Content-Length`; nil = none.
    public var body: [UInt8]?
    /// From the call to the last byte; cut to ``HTTPLimits/totalTimeMax``.
    public var timeout: Duration
    /// Largest decoded response body; cut to ``HTTPLimits/bodyBytesMax``.
    public var bodyBytesMax: Int
    /// A PEM file of certificate authorities to trust instead of the system's.
    public var caFile: String?
    /// Whether a pooled connection must not be used, so that every step of the set-up is tried and timed.
    public var needsFreshConnection = false
    /// What shares a bulkhead of ``HTTPLimits/transfersPerPartitionMax``; empty = the URL's origin.
    public var partition: String

    /// Makes a request with the widest bounds allowed.
    public init(
        _ method: Method = .get, _ url: String, headers: [HTTPField] = [], body: [UInt8]? = nil,
        timeout: Duration = HTTPLimits.totalTimeMax, bodyBytesMax: Int = HTTPLimits.bodyBytesMax,
        caFile: String? = nil, partition: String = ""
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.bodyBytesMax = bodyBytesMax
        self.caFile = caFile
        self.partition = partition
    }
}

extension HTTPRequest: CustomStringConvertible {
    /// The method only: URL, headers and body may hold secrets.
    public var description: String { "HTTPRequest(\(method.rawValue))" }
}
