// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// An answer as an adapter reads it.
public struct TrackerResponse: Sendable {
    public let status: Int
    /// Names in lower case.
    public let headers: [HTTPField]
    public let body: [UInt8]
    /// Whether the tracker led us here from another of its addresses, as for an issue that moved.
    public internal(set) var wasMoved = false
    /// Where reading it leaves what does not fit the vendor's contract; nil = nobody wants to know.
    var notes: DriftNotes?

    /// Makes an answer; recorded exchanges do.
    public init(status: Int, headers: [HTTPField] = [], body: [UInt8] = [], wasMoved: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.wasMoved = wasMoved
    }

    init(_ response: HTTPResponse) {
        self.init(status: response.status, headers: response.headers, body: response.body)
    }

    /// The first value of a field, by lower-case name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The media type without parameters, in lower case; empty when there is none.
    public var mediaType: String {
        let value = header("content-type") ?? ""
        return value.prefix { $0 != ";" }.lowercased().trimmingBlanks()
    }

    /// The entity tag for a later conditional request; empty when there is none.
    public var validator: String { header("etag") ?? "" }
}

extension TrackerResponse: CustomStringConvertible {
    /// Status and size only: the body may hold secrets.
    public var description: String { "TrackerResponse(\(status), \(body.count) bytes)" }
}
