// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// Which step of a connection test a failure belongs to, and what an admin can do about it.
struct ProbeFailure {
    let step: ProbeStep.Name
    let failureClass: String
    let advice: String
    let elapsed: Duration?

    init(_ error: TrackerError, _ purpose: TrackerProbe.Purpose) {
        let place = Self.place(of: error, purpose)
        step = place.step
        failureClass = place.failureClass
        advice = ([error.message] + [Self.wayOut(of: error, purpose)]).filter { !$0.isEmpty }.joined(
            separator: " ")
        elapsed = error.timings.total
    }

    private static func place(
        of error: TrackerError, _ purpose: TrackerProbe.Purpose
    ) -> (step: ProbeStep.Name, failureClass: String) {
        switch error.code {
        case .egressDenied: isGrammar(error.egressRule) ? (.url, "url") : (.egress, "egress")
        case .nameNotResolved: (.dns, "dns")
        case .connectFailed: (.tcp, "tcp")
        case .tlsFailed: (.tls, "tls")
        case .timedOut: timeOut(error)
        case .credentialsRejected, .credentialsExpired: (.auth, "auth")
        case .permissionDenied, .scopeMissing: (purpose == .identity ? .auth : .read, "permission")
        case .rateLimited: (.http, "rate")
        case .badResponse:
            error.stage == nil ? (purpose == .identity ? .identity : .read, "format") : (.http, "http")
        default: (.http, "http")
        }
    }

    private static func timeOut(_ error: TrackerError) -> (step: ProbeStep.Name, failureClass: String) {
        switch error.stage {
        case .dns: (.dns, "dns")
        case .connect: (.tcp, "tcp")
        case .tls: (.tls, "tls")
        default: (.http, "http")
        }
    }

    /// Whether the address itself is malformed, rather than forbidden.
    private static func isGrammar(_ rule: EgressDenial.Rule?) -> Bool {
        switch rule {
        case .urlLength, .urlGrammar, .scheme, .hostGrammar: true
        default: false
        }
    }

    private static func wayOut(of error: TrackerError, _ purpose: TrackerProbe.Purpose) -> String {
        switch error.code {
        case .nameNotResolved:
            "Check the spelling of the host, and whether this network's name service knows it."
        case .connectFailed: "Check host and port, and whether a firewall lets this service through."
        case .tlsFailed: "If the server uses a certificate authority of your own, add it to the trusted ones."
        case .timedOut: "Check whether a firewall drops connections from this service."
        case .credentialsRejected: "Check them, and whether the tracker's API is switched on."
        case .permissionDenied: "Give the account the right to see projects and issues."
        case .scopeMissing: "Make a credential with the scopes that ListProviders names for this method."
        case .notFound, .gone, .apiGone: "Check the base URL; the tracker's API was not found below it."
        case .badResponse where error.stage == nil:
            "Check the base URL; something else seems to answer there."
        case .rateLimited: "Test again later."
        case .unavailable: "Look at the tracker itself."
        default: ""
        }
    }
}
