// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

/// A GitHub App proves itself with a signed assertion (JSON Web Token, RFC 7519) and gets a token for one of
/// its installations, which lives an hour (GitHub, "Authenticating as a GitHub App installation").
extension GitHubTracker: TokenObtaining {
    /// How far back an assertion is dated, because clocks differ, and how long it then lives: GitHub refuses
    /// more than ten minutes.
    private static let backdating = Duration.seconds(60)
    private static let assertionLife = Duration.seconds(540)
    /// Assumed when the answer does not say: GitHub's own figure.
    private static let tokenLife = Duration.seconds(3_600)

    private struct Header: Encodable {
        let alg = "RS256"
        let typ = "JWT"
    }

    private struct Claims: Encodable {
        let iat: Int64
        let exp: Int64
        let iss: String
    }

    private struct Installation: Decodable {
        let id: Int64
    }

    private struct TokenAnswer: Decodable {
        let token: String
        let expiresAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case token
            case expiresAt = "expires_at"
        }
    }

    public func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .gitHubApp else { return nil }
        let assertion = try assertion(of: source, at: now, signer: signer)
        let headers = headers(for: source, bearer: assertion)
        let id = source.setting(Self.installationIDField)
        guard id.isEmpty else {
            guard let id = Int64(id), id > 0 else {
                throw TrackerError(.credentialsRejected, "The installation id must be a number.")
            }
            return issue(for: id, headers, at: now)
        }
        return try installation(of: source.source, headers)
            .then { (id) throws(TrackerError) in issue(for: id, headers, at: now) }
    }

    /// The signed proof of who the app is.
    private func assertion(
        of source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> String {
        let issuer = source.setting(Self.appIDField).trimmingBlanks()
        guard !issuer.isEmpty else {
            throw TrackerError(.credentialsRejected, "The source has no app id yet.")
        }
        let claims = Claims(
            iat: (now - Self.backdating).seconds, exp: (now + Self.assertionLife).seconds, iss: issuer)
        let message = [TrackerJSON.encode(Header()), TrackerJSON.encode(claims)].map(Self.base64URL)
            .joined(separator: ".")
        let signature = try signer.rs256(
            Array(message.utf8), privateKeyPEM: try source.secret(Self.privateKeyField))
        return message + "." + Self.base64URL(signature)
    }

    /// Base64 for URLs, without padding (RFC 7515, 2).
    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private func issue(
        for installation: Int64, _ headers: [HTTPField], at now: Timestamp
    ) -> TrackerCall<IssuedToken> {
        var request = TrackerRequest(
            .post, path: ["app", "installations", String(installation), "access_tokens"],
            headers: headers + [HTTPField("Content-Type", "application/json")], body: Array("{}".utf8))
        request.acceptedStatuses = [401, 404]
        return .send(request) { (response) throws(TrackerError) in
            try Self.requireKnownApp(response)
            guard response.status != 404 else { throw Self.notInstalled }
            let answer = try TrackerJSON.decode(TokenAnswer.self, from: response)
            guard !answer.token.isEmpty, HTTPField("Authorization", answer.token).isSound else {
                throw TrackerError(.badResponse, "GitHub's answer holds no installation token.")
            }
            let end = answer.expiresAt.value.flatMap(TrackerDate.parse) ?? now + Self.tokenLife
            return IssuedToken(accessToken: answer.token, expiresAt: end)
        }
    }
}

// MARK: - Which installation

extension GitHubTracker {
    /// Finds the installation that covers the source's repository, else its owner's; without a repository the
    /// only one that the app has.
    private func installation(
        of source: IntegrationSource, _ headers: [HTTPField]
    ) throws(TrackerError) -> TrackerCall<Int64> {
        guard let repository = sampleRepository(of: source) else { return onlyInstallation(headers) }
        return try installation(at: repository.path("installation"), headers)
            .then { (id) throws(TrackerError) in
                if let id { return .done(id) }
                return try installation(at: ["orgs", repository.owner, "installation"], headers)
                    .map { (id) throws(TrackerError) in
                        guard let id else { throw Self.notInstalled }
                        return id
                    }
            }
    }

    private func installation(at path: [String], _ headers: [HTTPField]) -> TrackerCall<Int64?> {
        var request = TrackerRequest(path: path, headers: headers)
        request.acceptedStatuses = [401, 404]
        request.followsMoves = true
        return .send(request) { (response) throws(TrackerError) in
            try Self.requireKnownApp(response)
            guard response.status != 404 else { return nil }
            return try Self.sound(try TrackerJSON.decode(Installation.self, from: response))
        }
    }

    private func onlyInstallation(_ headers: [HTTPField]) -> TrackerCall<Int64> {
        var request = TrackerRequest(
            path: ["app", "installations"], query: [(name: "per_page", value: "2")], headers: headers)
        request.acceptedStatuses = [401]
        return .send(request) { (response) throws(TrackerError) in
            try Self.requireKnownApp(response)
            let found = try TrackerJSON.decode([Installation].self, from: response)
            guard found.count <= 1 else {
                throw TrackerError(
                    .credentialsRejected,
                    "The app has several installations. Give the installation id, or a default external project."
                )
            }
            guard let only = found.first else { throw Self.notInstalled }
            return try Self.sound(only)
        }
    }

    private static func sound(_ installation: Installation) throws(TrackerError) -> Int64 {
        guard installation.id > 0 else {
            throw TrackerError(.badResponse, "GitHub's answer holds no installation id.")
        }
        return installation.id
    }

    private static func requireKnownApp(_ response: TrackerResponse) throws(TrackerError) {
        guard response.status != 401 else {
            throw TrackerError(
                .credentialsRejected,
                "GitHub does not accept the app's signature. Check the app id, the private key and this server's "
                    + "clock.")
        }
    }

    private static let notInstalled = TrackerError(
        .credentialsRejected,
        "The app is not installed where this source looks. Install it there, or correct the installation id.")
}
