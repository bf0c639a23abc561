// SPDX-License-Identifier: Apache-2.0

/// How far a request came.
public enum HTTPStage: String, Sendable, Hashable, CaseIterable {
    case request, egress, queue, dns, connect, tls, response, body
}

/// Why a request got no response. A response with an error status is not an error here.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// The class of failure.
    public enum Code: Sendable, Hashable {
        /// The request itself breaks a rule: a header with a line break, a body that is too large.
        case invalidRequest
        /// The egress policy forbids it; no packet left for the denied address.
        case egressDenied(EgressDenial.Rule)
        /// The name has no address.
        case dns
        /// Nobody listens there, or the network has no way.
        case connect
        /// No trusted encrypted channel came about.
        case tls
        /// It took too long; ``HTTPError/stage`` says which step.
        case timedOut
        /// The calling task was cancelled.
        case cancelled
        /// The decoded body is larger than allowed.
        case bodyTooLarge
        /// The response's headers are larger than allowed.
        case headersTooLarge
        /// Too many calls are waiting; nothing was sent.
        case overloaded
        /// The connection broke before the response was whole.
        case connectionLost
        /// What came back is no HTTP, or cannot be decoded.
        case protocolFailure
        /// The client is shut down.
        case shutDown
    }

    public let code: Code
    /// How far the request came.
    public let stage: HTTPStage
    /// A sentence for the operator; holds no header, no body and no path.
    public let message: String
    /// The steps that were finished.
    public var timings: HTTPTimings
    /// The denial behind ``Code/egressDenied(_:)``.
    public var denial: EgressDenial?

    /// Makes a failure.
    public init(_ code: Code, at stage: HTTPStage, _ message: String, timings: HTTPTimings = HTTPTimings()) {
        self.code = code
        self.stage = stage
        self.message = message
        self.timings = timings
    }

    /// Wraps a denial.
    init(_ denial: EgressDenial, at stage: HTTPStage = .egress) {
        self.init(.egressDenied(denial.rule), at: stage, denial.message)
        self.denial = denial
    }

    /// Whether the request cannot have reached the server, so that repeating it is safe whatever it does.
    public var isUnsent: Bool {
        switch stage {
        case .request, .egress, .queue, .dns, .connect, .tls: true
        case .response, .body: false
        }
    }

    public var description: String { "\(code) at \(stage.rawValue): \(message)" }
}
