// SPDX-License-Identifier: Apache-2.0

/// A response, whatever its status.
public struct HTTPResponse: Sendable {
    public let status: Int
    /// In order of arrival, names in lower case; those of informational responses are left out.
    public let headers: [HTTPField]
    /// Decompressed; never longer than the request allowed.
    public let body: [UInt8]
    public let timings: HTTPTimings

    /// Makes a response; tests and simulations do.
    public init(
        status: Int, headers: [HTTPField] = [], body: [UInt8] = [], timings: HTTPTimings = HTTPTimings()
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.timings = timings
    }

    /// The first value of a field, by lower-case name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

extension HTTPResponse: CustomStringConvertible {
    /// Status and size only: headers and body may hold secrets.
    public var description: String { "HTTPResponse(\(status), \(body.count) bytes)" }
}
