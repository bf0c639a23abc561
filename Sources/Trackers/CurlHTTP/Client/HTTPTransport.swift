// SPDX-License-Identifier: Apache-2.0

/// Sends one request. ``HTTPClient`` does it over the network; tests and simulations do it over nothing.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the whole response.
    ///
    /// Cancelling the calling task ends the transfer and throws ``HTTPError/Code/cancelled``.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
