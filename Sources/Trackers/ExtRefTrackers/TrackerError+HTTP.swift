// SPDX-License-Identifier: Apache-2.0

internal import CurlHTTP

extension TrackerError {
    /// Reads the transport's failure in the trackers' words.
    init(_ error: HTTPError) {
        self.init(Self.code(of: error), Self.sentence(for: error))
        timings = error.timings
        stage = error.stage
        egressRule = error.denial?.rule
    }

    private static func code(of error: HTTPError) -> Code {
        switch error.code {
        case .egressDenied: .egressDenied
        case .dns: .nameNotResolved
        case .connect: .connectFailed
        case .tls: .tlsFailed
        case .timedOut: error.stage == .dns ? .nameNotResolved : .timedOut
        case .cancelled: .cancelled
        case .overloaded: .overloaded
        case .connectionLost, .shutDown: .unavailable
        case .invalidRequest, .bodyTooLarge, .headersTooLarge, .protocolFailure: .badResponse
        }
    }

    private static func sentence(for error: HTTPError) -> String {
        switch error.code {
        case .egressDenied: error.message
        case .dns: "The tracker's host name could not be resolved: \(error.message)"
        case .connect: "Nothing answers at the tracker's address and port."
        case .tls: "No trusted TLS connection: \(error.message)"
        case .timedOut:
            error.stage == .dns
                ? "The name service did not answer in time." : "The tracker did not answer in time."
        case .cancelled: "The call was cancelled."
        case .overloaded: "Too many calls to this tracker are waiting already."
        case .connectionLost: "The tracker closed the connection before its answer was complete."
        case .shutDown: "The service is shutting down."
        case .bodyTooLarge: "The tracker's answer is larger than allowed."
        case .headersTooLarge: "The headers of the tracker's answer are larger than allowed."
        case .invalidRequest: "The request could not be built: \(error.message)"
        case .protocolFailure: "What answers there does not speak HTTP as expected."
        }
    }
}
