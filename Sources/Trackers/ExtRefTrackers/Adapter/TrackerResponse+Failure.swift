// SPDX-License-Identifier: Apache-2.0

internal import CurlHTTP
import ExtRefDomain

extension TrackerResponse {
    /// What an answer's status says by itself, in every tracker's case; nil = go on and read the body.
    ///
    /// A page where data was asked for means that we are not logged in: trackers answer 200, 203 or a
    /// redirect to their log-in form instead of 401.
    func failure(at now: Timestamp) -> TrackerError? {
        switch status {
        case 200..<300: mediaType == "text/html" ? Self.loginPage : nil
        case 304: nil
        case 300..<400: redirection
        case 401: TrackerError(.credentialsRejected, "The tracker does not accept the credentials.")
        case 403, 429: isThrottled ? throttled(at: now) : Self.forbidden
        case 404: TrackerError(.notFound, "The tracker does not know it, or hides it from these credentials.")
        case 410: Self.apiGone
        case 400..<500: TrackerError(.invalidRequest, "The tracker refuses the request (HTTP \(status)).")
        default: unavailable(at: now)
        }
    }

    /// Of an issue only an adapter knows it to be said: where it is not, calling every issue deleted would be
    /// the worst reading of a call that the vendor has removed, or of a tracker that was switched off.
    static let apiGone = TrackerError(
        .apiGone,
        "The tracker has removed this call (HTTP 410). Update this server, and check the source's addresses.")
    private static let loginPage = TrackerError(
        .credentialsRejected,
        "The tracker shows a page for people instead of data, as when nobody is logged in.")
    private static let forbidden = TrackerError(
        .permissionDenied, "The tracker accepts the credentials but does not let them do this.")

    private var isThrottled: Bool {
        status == 429 || header("retry-after") != nil || header("x-ratelimit-remaining") == "0"
    }

    private func throttled(at now: Timestamp) -> TrackerError {
        TrackerError(
            .rateLimited, "The tracker asks to wait before the next call.", retryAfter: retryAfter(at: now))
    }

    private func unavailable(at now: Timestamp) -> TrackerError {
        TrackerError(
            .unavailable, "The tracker is in trouble (HTTP \(status)).", retryAfter: retryAfter(at: now))
    }

    private func retryAfter(at now: Timestamp) -> Duration? {
        header("retry-after").flatMap { RetryAfter.duration($0, now: now) }
    }

    /// A redirect is never followed: the next address has not been judged, and own headers would travel
    /// along.
    private var redirection: TrackerError {
        guard let location = header("location") else {
            return TrackerError(.badResponse, "The tracker redirects without saying where to.")
        }
        if location.lowercased().contains("login") || location.lowercased().contains("signin") {
            return Self.loginPage
        }
        guard let url = try? PastedURL(location), url.isAbsolute else {
            return TrackerError(.redirected, "The tracker redirects to another page of its own.")
        }
        return TrackerError(
            .redirected, "The tracker redirects to \(url.origin). If that is right, make it the base URL.")
    }
}
