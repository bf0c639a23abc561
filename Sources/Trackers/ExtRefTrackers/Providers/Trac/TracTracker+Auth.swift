// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension TracTracker {
    static let authenticationMethods = [
        AuthenticationMethod(id: .none, label: "What everybody may read", fields: []),
        AuthenticationMethod(
            id: .basic, label: "Login and password",
            fields: [
                AuthenticationField(
                    name: "username", label: "Login", isSecret: false,
                    help: "A login that the web server knows and that has the permission TICKET_VIEW."),
                AuthenticationField(
                    name: "password", label: "Password", isSecret: true,
                    help: "Its password. Trac must ask for it by HTTP Basic authentication, not on a page."),
            ], helpURL: "https://trac.edgewall.org/wiki/TracStandalone#UsingAuthentication"),
    ]

    /// Headers that every call carries: a site may ask for the password everywhere, while Trac itself asks
    /// only at its log-in page and knows people by the cookie that it gives there.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        guard source.source.authenticationMethod == .basic else { return [] }
        let authorization = BasicAuthorization.header(
            login: source.setting("username"), password: try source.secret("password"))
        let session = source.credential[TrackerCredential.accessTokenField] ?? ""
        return session.isEmpty
            ? [authorization] : [authorization, HTTPField("Cookie", "\(Self.sessionCookie)=\(session)")]
    }

    private static let sessionCookie = "trac_auth"

    /// Trac answers "forbidden" to who is not logged in; its page then offers to log in, in every language
    /// by the same link.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard response.status == 403, response.mediaType == "text/html" else { return nil }
        let page = String(decoding: response.body, as: UTF8.self)
        guard page.contains("/login\""), !page.contains("/logout\"") else { return nil }
        return TrackerError(
            .credentialsRejected, "Trac shows this only to people who are logged in, and nobody is.")
    }
}

extension TracTracker: TokenObtaining {
    /// How long a session is used; Trac keeps one for ten days.
    private static let sessionLife = Duration.seconds(3_600)
    /// Longest value of a session cookie; Trac's have 32 characters.
    private static let sessionBytesMax = 256

    /// Logs in. The cookie is what other trackers call an access token.
    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .basic else { return nil }
        var request = TrackerRequest(path: ["login"], headers: try headers(for: source))
        request.acceptedStatuses = [301, 302, 303]
        return .send(request) { (response) throws(TrackerError) in
            guard let session = Self.session(in: response) else {
                throw TrackerError(
                    .credentialsRejected,
                    "Trac's log-in page lets nobody in by HTTP Basic authentication.")
            }
            return IssuedToken(accessToken: session, expiresAt: now + Self.sessionLife)
        }
    }

    private static func session(in response: TrackerResponse) -> String? {
        let start = sessionCookie + "="
        for field in response.headers where field.name == "set-cookie" && field.value.hasPrefix(start) {
            let value = field.value.dropFirst(start.count).prefix { $0 != ";" }
            let isSound = value.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && !"\",\\;".utf8.contains($0)
            }
            if isSound, (1...sessionBytesMax).contains(value.utf8.count) { return String(value) }
        }
        return nil
    }
}
