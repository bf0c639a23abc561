// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
internal import FoundationEssentials

/// The token endpoint of OAuth 2 (RFC 6749, sections 4.4, 5 and 6), which vendors differ in only in small
/// things.
struct OAuthTokens {
    /// Where the endpoint is; from the adapter, or from a setting whose change needs the secrets again.
    let address: String
    var encoding = OAuthEndpoints.Encoding.form
    /// Assumed when the endpoint does not say how long a token lives.
    var lifeDefault = Duration.seconds(3_600)

    /// Exchanges a refresh token.
    func refresh(
        clientID: String, clientSecret: String?, refreshToken: String, at now: Timestamp
    ) -> TrackerCall<IssuedToken> {
        var parameters = [
            ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientID),
        ]
        if let clientSecret { parameters.append(("client_secret", clientSecret)) }
        return exchange(parameters, at: now)
    }

    /// Exchanges a code.
    func code(
        _ code: String, verifier: String, redirectURI: String, clientID: String, clientSecret: String,
        at now: Timestamp
    ) -> TrackerCall<IssuedToken> {
        exchange(
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
                ("code_verifier", verifier), ("client_id", clientID), ("client_secret", clientSecret),
            ], at: now)
    }

    /// Asks for a token of the client's own.
    func clientCredentials(
        clientID: String, clientSecret: String, scope: String, at now: Timestamp
    ) -> TrackerCall<IssuedToken> {
        var parameters = [
            ("grant_type", "client_credentials"), ("client_id", clientID), ("client_secret", clientSecret),
        ]
        if !scope.isEmpty { parameters.append(("scope", scope)) }
        return exchange(parameters, at: now)
    }

    private func exchange(_ parameters: [(String, String)], at now: Timestamp) -> TrackerCall<IssuedToken> {
        var request = TrackerRequest(.post, path: [], headers: [HTTPField("Accept", "application/json")])
        request.base = .address(address)
        request.acceptedStatuses = [400, 401, 403]
        switch encoding {
        case .form:
            request.headers.append(HTTPField("Content-Type", "application/x-www-form-urlencoded"))
            let items = parameters.map { "\(PercentCoding.encode($0.0))=\(PercentCoding.encode($0.1))" }
            request.body = Array(items.joined(separator: "&").utf8)
        case .json:
            request.headers.append(HTTPField("Content-Type", "application/json"))
            request.body = TrackerJSON.encode(Dictionary(parameters) { $1 })
        }
        return .send(request) { (response) throws(TrackerError) in
            try Self.read(response, lifeDefault: lifeDefault, at: now)
        }
    }

    /// Some vendors write numbers as texts.
    private struct Seconds: Decodable, Sendable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else {
                value = Double(try container.decode(String.self)) ?? 0
            }
        }
    }

    private struct Answer: Decodable {
        let accessToken: Lenient<String>
        let refreshToken: Lenient<String>
        let expiresIn: Lenient<Seconds>
        let error: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case expiresIn = "expires_in"
            case error
        }
    }

    static func read(
        _ response: TrackerResponse, lifeDefault: Duration, at now: Timestamp
    ) throws(TrackerError) -> IssuedToken {
        guard (200..<300).contains(response.status) else { throw refusal(response) }
        let answer = try TrackerJSON.decode(Answer.self, from: response)
        // Some vendors refuse with a good status, GitHub among them.
        if answer.accessToken.value?.isEmpty != false, let word = answer.error.value, !word.isEmpty {
            throw refusal(response)
        }
        guard let token = answer.accessToken.value, !token.isEmpty,
            HTTPField("Authorization", token).isSound
        else { throw TrackerError(.badResponse, "The token endpoint's answer holds no access token.") }
        let seconds = (answer.expiresIn.value?.value).flatMap { $0.isFinite && $0 > 0 && $0 < 1e9 ? $0 : nil }
        let life = seconds.map { Duration.milliseconds(Int64($0 * 1_000)) } ?? lifeDefault
        let refreshToken = answer.refreshToken.value.flatMap { $0.isEmpty ? nil : $0 }
        return IssuedToken(
            accessToken: token, expiresAt: now + min(life, TrackerLimits.tokenLifeMax),
            refreshToken: refreshToken)
    }

    private static func refusal(_ response: TrackerResponse) -> TrackerError {
        let word = (try? TrackerJSON.decode(Answer.self, from: response))?.error.value ?? ""
        return switch word {
        case "invalid_grant", "bad_refresh_token", "bad_verification_code":
            TrackerError(
                .credentialsExpired, "The grant has ended or was withdrawn. Authorise the source again.")
        case "invalid_client", "unauthorized_client", "incorrect_client_credentials":
            TrackerError(.credentialsRejected, "The tracker does not accept the client's id and secret.")
        case "invalid_scope":
            TrackerError(.scopeMissing, "The tracker does not give this client the scopes that are needed.")
        default:
            TrackerError(.credentialsRejected, "The token endpoint refuses the grant.")
        }
    }
}
