// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

/// Expects a call to fail with a code, and hands the error out.
@discardableResult
func expect(
    _ code: HTTPError.Code, _ client: HTTPClient, _ request: HTTPRequest,
    sourceLocation: SourceLocation = #_sourceLocation
) async -> HTTPError? {
    do throws(HTTPError) {
        let response = try await client.send(request)
        Issue.record("expected \(code), got \(response)", sourceLocation: sourceLocation)
        return nil
    } catch {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    }
}

/// The code a call fails with; nil when it succeeds.
func outcome(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPError.Code? {
    do throws(HTTPError) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error.code
    }
}
