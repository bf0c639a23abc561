// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// One request that a tracker was really sent, and what it answered: a text file that people can read.
///
///     GET /issues/1.json HTTP/1.1
///     X-Redmine-API-Key: ADMIN-KEY
///
///     HTTP/1.1 200
///     Content-Type: application/json
///
///     {"issue":…}
public struct RecordedExchange: Sendable {
    public let method: String
    /// Path and query as they go over the wire.
    public let pathAndQuery: String
    /// Headers the request must carry, names in lower case.
    public let requestHeaders: [HTTPField]
    public let response: HTTPResponse

    /// Reads a recording; nil when it is not in that form.
    public init?(_ text: String) {
        let parts = text.split(separator: "\n\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        let request = parts[0].split(separator: "\n")
        let response = parts[1].split(separator: "\n")
        let requestLine = request.first?.split(separator: " ") ?? []
        let statusLine = response.first?.split(separator: " ") ?? []
        guard requestLine.count == 3, statusLine.count >= 2, let status = Int(statusLine[1]) else {
            return nil
        }
        method = String(requestLine[0])
        pathAndQuery = String(requestLine[1])
        requestHeaders = request.dropFirst().compactMap(Self.field)
        var body = parts.count > 2 ? parts[2] : ""
        if body.hasSuffix("\n") { body.removeLast() }
        self.response = HTTPResponse(
            status: status, headers: response.dropFirst().compactMap(Self.field), body: Array(body.utf8))
    }

    private static func field(_ line: Substring) -> HTTPField? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return HTTPField(line[..<colon].lowercased(), String(value))
    }
}
