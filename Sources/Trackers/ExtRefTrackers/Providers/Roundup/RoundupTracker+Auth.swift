// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension RoundupTracker {
    static let authenticationMethods = [
        AuthenticationMethod(
            id: .basic, label: "Login and password",
            fields: [
                AuthenticationField(
                    name: "username", label: "Login", isSecret: false,
                    help: "The login of a Roundup account whose role may use the REST interface (permission "
                        + "\"Rest Access\", which users have in a fresh tracker)."),
                AuthenticationField(
                    name: "password", label: "Password", isSecret: true, help: "The account's password."),
            ], helpURL: "https://www.roundup-tracker.org/docs/rest.html"),
        AuthenticationMethod(
            id: .accessToken, label: "JSON Web Token",
            fields: [
                AuthenticationField(
                    name: "token", label: "Token", isSecret: true,
                    help: "A token signed with the tracker's jwt_secret, which its administrator hands out."),
                .expiry,
            ], helpURL: "https://www.roundup-tracker.org/docs/rest.html"),
        AuthenticationMethod(id: .none, label: "What everybody may read", fields: []),
    ]

    /// Headers that every call carries.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let accept = HTTPField("Accept", "application/json")
        switch source.source.authenticationMethod {
        case .basic:
            return [
                accept,
                BasicAuthorization.header(
                    login: source.setting("username"), password: try source.secret("password")),
            ]
        case .accessToken:
            return [accept, HTTPField("Authorization", "Bearer " + (try source.secret("token")))]
        default: return [accept]
        }
    }

    /// Headers of a call that changes something: Roundup takes it only as coming from the tracker's own
    /// pages.
    func writingHeaders(for source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        guard let base = try? PastedURL(source.source.baseURL) else {
            throw TrackerError(.invalidRequest, "The source's base URL is no address.")
        }
        return try headers(for: source) + [
            HTTPField("Content-Type", "application/json"), HTTPField("X-Requested-With", "rest"),
            HTTPField("Origin", base.origin),
        ]
    }

    /// Reads what Roundup says in its own words where that tells more than the status.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard [400, 409].contains(response.status),
            let message = (try? TrackerJSON.decode(RoundupWire.ErrorAnswer.self, from: response))?
                .error.message.value
        else { return nil }
        if message.hasPrefix("Required Header Missing") || message.hasPrefix("Client is not allowed") {
            return TrackerError(
                .invalidRequest,
                "Roundup takes changes only under the address that its settings name (web in config.ini). "
                    + "Make that the base URL.")
        }
        var error = TrackerError(.invalidRequest, "Roundup refuses what was sent.")
        if let fault = Self.fieldFault(message) { error.fieldFaults = [fault] }
        return error
    }

    /// Reads `property priority: 'x' is not a priority.`
    private static func fieldFault(_ message: String) -> FieldViolation? {
        let start = "property "
        guard message.hasPrefix(start), let colon = message.firstIndex(of: ":") else { return nil }
        let name = message[..<colon].dropFirst(start.count)
        let text = TrackerText.short(String(message[colon...].dropFirst()))
        guard ["title", "priority", "assignedto", "keyword"].contains(name), !text.isEmpty else { return nil }
        return FieldViolation(String(name), text)
    }
}
