// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefTrackers

@Suite struct OAuthTokensTests {
    private static let now = Timestamp(seconds: 1_795_340_867)
    private static let address = "https://auth.example/oauth/token"

    private func request(_ call: TrackerCall<IssuedToken>) throws -> TrackerRequest {
        guard case .send(let request, _) = call else { throw CocoaError(.coderInvalidValue) }
        return request
    }

    private func read(_ status: Int, _ body: String) throws(TrackerError) -> IssuedToken {
        try OAuthTokens.read(
            TrackerResponse(status: status, body: Array(body.utf8)), lifeDefault: .seconds(900), at: Self.now)
    }

    // MARK: Requests

    @Test func `a form is encoded so that no value can become another field`() throws {
        let call = OAuthTokens(address: Self.address).refresh(
            clientID: "id&x=1", clientSecret: "s+e c=r/e?t", refreshToken: "töken", at: Self.now)
        let request = try request(call)
        #expect(request.method == .post && request.base == .address(Self.address) && request.path.isEmpty)
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "grant_type=refresh_token&refresh_token=t%C3%B6ken&client_id=id%26x%3D1"
                + "&client_secret=s%2Be%20c%3Dr%2Fe%3Ft")
        #expect(request.headers.contains(HTTPField("Content-Type", "application/x-www-form-urlencoded")))
        #expect(request.headers.contains(HTTPField("Accept", "application/json")))
        #expect(!"\(request)".contains("s+e"))
    }

    @Test func `a client without a secret sends none`() throws {
        let call = OAuthTokens(address: Self.address).refresh(
            clientID: "id", clientSecret: nil, refreshToken: "r", at: Self.now)
        #expect(
            try String(decoding: request(call).body ?? [], as: UTF8.self).contains("client_secret") == false)
    }

    @Test func `a code goes with its verifier and the very redirect URI, as JSON where the vendor wants it`()
        throws
    {
        let call = OAuthTokens(address: Self.address, encoding: .json).code(
            "the \"code\"", verifier: "v", redirectURI: "https://h.example/back?a=b", clientID: "id",
            clientSecret: "secret", at: Self.now)
        let request = try request(call)
        let sent = try JSONDecoder().decode([String: String].self, from: Data(request.body ?? []))
        #expect(
            sent == [
                "grant_type": "authorization_code", "code": "the \"code\"", "code_verifier": "v",
                "redirect_uri": "https://h.example/back?a=b", "client_id": "id", "client_secret": "secret",
            ])
        #expect(request.headers.contains(HTTPField("Content-Type", "application/json")))
    }

    @Test(arguments: [("", false), ("a b", true)])
    func `a client of its own asks for a scope when it has one`(scope: String, isSent: Bool) throws {
        let call = OAuthTokens(address: Self.address).clientCredentials(
            clientID: "id", clientSecret: "secret", scope: scope, at: Self.now)
        let body = try String(decoding: request(call).body ?? [], as: UTF8.self)
        #expect(body.hasPrefix("grant_type=client_credentials&client_id=id&client_secret=secret"))
        #expect(body.contains("scope=a%20b") == isSent)
    }

    // MARK: Answers

    static let answers: [(String, Duration, String?)] = [
        ("{\"access_token\":\"A\",\"expires_in\":3600,\"refresh_token\":\"R\"}", .seconds(3_600), "R"),
        ("{\"access_token\":\"A\",\"expires_in\":\"3599\"}", .seconds(3_599), nil),
        ("{\"access_token\":\"A\",\"expires_in\":0.5}", .milliseconds(500), nil),
        ("{\"access_token\":\"A\"}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":null,\"refresh_token\":null}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":0,\"refresh_token\":\"\"}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":-5}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":\"soon\"}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":1e300}", .seconds(900), nil),
        ("{\"access_token\":\"A\",\"expires_in\":99999999}", TrackerLimits.tokenLifeMax, nil),
        ("{\"access_token\":\"A\",\"error\":\"\",\"more\":[1]}", .seconds(900), nil),
    ]

    @Test(arguments: answers)
    func `an answer is read for what it is worth`(body: String, life: Duration, refresh: String?) throws {
        let token = try read(200, body)
        #expect(token.accessToken == "A" && token.expiresAt == Self.now + life)
        #expect(token.refreshToken == refresh)
    }

    static let nonsense = [
        "", "{}", "[]", "{\"access_token\":\"\"}", "{\"access_token\":7}", "<html>", "access_token=A",
        "{\"access_token\":\"A\\nX-Evil: 1\"}",
        "{\"access_token\":\"\(String(repeating: "a", count: 100_000))\"}",
    ]

    @Test(arguments: nonsense)
    func `what holds no usable token is a bad answer that repeats nothing`(_ body: String) {
        let error = #expect(throws: TrackerError.self) { try read(200, body) }
        #expect(error?.code == .badResponse && error?.message.contains("Evil") == false)
    }

    static let refusals: [(Int, String, TrackerError.Code)] = [
        (400, "invalid_grant", .credentialsExpired), (401, "invalid_client", .credentialsRejected),
        (400, "unauthorized_client", .credentialsRejected), (400, "invalid_scope", .scopeMissing),
        (400, "invalid_request", .credentialsRejected), (403, "", .credentialsRejected),
        // GitHub refuses with a good status.
        (200, "bad_refresh_token", .credentialsExpired), (200, "bad_verification_code", .credentialsExpired),
        (200, "incorrect_client_credentials", .credentialsRejected), (200, "anything", .credentialsRejected),
    ]

    @Test(arguments: refusals)
    func `a refusal says whose fault it is`(status: Int, word: String, code: TrackerError.Code) {
        let body = "{\"error\":\"\(word)\",\"error_description\":\"SECRET\"}"
        let error = #expect(throws: TrackerError.self) { try read(status, body) }
        #expect(error?.code == code && error?.message.contains("SECRET") == false)
    }

    @Test(arguments: ["", "<html>", "{\"error\":{\"a\":1}}"])
    func `a refusal in no known words is a refusal`(_ body: String) {
        #expect(#expect(throws: TrackerError.self) { try read(400, body) }?.code == .credentialsRejected)
    }

    @Test(arguments: [(429, TrackerError.Code.rateLimited), (503, .unavailable), (404, .notFound)])
    func `a token endpoint in trouble is no refusal`(status: Int, code: TrackerError.Code) async {
        let runner = TrackerRunner(
            registry: PlainTracker.registry, transport: FakeTransport(status), clock: ManualClock())
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(
                IssueReference(key: "1"), from: TokenTracker.source(), budget: .seconds(9))
        }
        #expect(error?.code == code)
    }
}
