// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// What a connection test says beside yes and no.
@Suite(.timeLimit(.minutes(1))) struct ProbeNotesTests {
    /// 2026-11-22T09:47:47Z.
    private static let now = Timestamp(seconds: 1_795_340_867)

    /// Asks who it is, and then whether it may create.
    private struct Probed: ConnectionProbing, TokenObtaining {
        static let id = ProviderID(rawValue: "probed")
        var finding = ProbeFinding(identity: "bot", advice: "The tracker takes us for bot.")

        var description: ProviderDescription {
            ProviderDescription(
                id: Self.id, displayName: "Probed", capabilities: [.fetch, .create],
                authenticationMethods: [
                    AuthenticationMethod(id: .accessToken, label: "T", fields: []),
                    AuthenticationMethod(id: .oauthRefresh, label: "O", fields: []),
                ], baseURLExample: "", issueURLTemplate: "{baseUrl}/{key}", createURLTemplate: "",
                keyPattern: ".+", keyExample: "1")
        }

        func key(at location: IssueLocation) -> String? { nil }
        func canonicalKey(_ typed: String) -> String? { typed }

        func fetch(
            _ reference: IssueReference, from source: TrackerSource
        ) throws(TrackerError) -> TrackerCall<IssueSnapshot> { throw TrackerError(.unsupported, "") }

        func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
            [
                TrackerProbe(.identity, TrackerRequest(path: ["me"])) { _ throws(TrackerError) in finding },
                TrackerProbe(.permission(.create), TrackerRequest(path: ["create"])) {
                    _ throws(TrackerError) in
                    ProbeFinding(advice: "Issues can be created.")
                },
            ]
        }

        func tokenCall(
            for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
        ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
            guard source.source.authenticationMethod == .oauthRefresh else { return nil }
            return OAuthTokens(address: "https://auth.example/token").refresh(
                clientID: "c", clientSecret: "s", refreshToken: try source.secret("refresh_token"), at: now)
        }
    }

    private static func source(
        _ method: AuthenticationMethodID = .accessToken, secrets: [String: String] = [:],
        isDraft: Bool = false, expiresOn: String = ""
    ) -> TrackerSource {
        var source = Samples.source("p", Probed.id, "https://plain.example")
        source.authenticationMethod = method
        source.authenticationSettings = ["expires_on": expiresOn]
        return TrackerSource(source, credential: TrackerCredential(secrets), isDraft: isDraft)
    }

    private func test(
        _ transport: FakeTransport, _ source: TrackerSource = source(), _ tracker: Probed = Probed()
    ) async -> ProbeReport {
        await TrackerRunner(
            registry: TrackerRegistry([tracker]), transport: transport, clock: ManualClock(),
            wallClock: { Self.now }
        ).testConnection(source)
    }

    private func step(_ name: ProbeStep.Name, _ report: ProbeReport) -> ProbeStep? {
        report.steps.first { $0.name == name }
    }

    @Test(arguments: [
        ("Sun, 22 Nov 2026 09:47:47 GMT", ProbeVerdict.passed), ("Sun, 22 Nov 2026 09:48:47 GMT", .passed),
        ("Sun, 22 Nov 2026 09:48:48 GMT", .warning), ("Sun, 22 Nov 2026 09:46:47 GMT", .passed),
        ("Sun, 22 Nov 2026 09:46:46 GMT", .warning), ("yesterday", .skipped),
    ])
    func `a tracker's clock that is a minute off is a warning`(date: String, verdict: ProbeVerdict) async {
        let report = await test(FakeTransport(200, ["date": date]))
        #expect(step(.clock, report)?.verdict == verdict && report.isOK)
    }

    @Test(arguments: [("100", "10", ProbeVerdict.passed), ("100", "9", .warning), ("100", "", .skipped)])
    func `little that is left of the calls is a warning`(
        limit: String, left: String, verdict: ProbeVerdict
    ) async {
        var headers = ["x-ratelimit-limit": limit]
        if !left.isEmpty { headers["x-ratelimit-remaining"] = left }
        let report = await test(FakeTransport(200, headers))
        #expect(step(.rate, report)?.verdict == verdict && report.isOK)
    }

    @Test(
        arguments: [
            ("", nil, ProbeVerdict.passed), ("2026-12-07", nil, .passed), ("2026-12-05", nil, .warning),
            ("", Duration.seconds(14 * 86_400), .passed), ("", .seconds(13 * 86_400), .warning),
            ("2027-12-05", .seconds(86_400), .warning), ("2026-01-01", nil, .warning),
        ] as [(String, Duration?, ProbeVerdict)])
    func `a credential's end is told, and warned of two weeks ahead`(
        typed: String, told: Duration?, verdict: ProbeVerdict
    ) async {
        var tracker = Probed()
        tracker.finding.expiresAt = told.map { Self.now + $0 }
        let report = await test(FakeTransport(200), Self.source(expiresOn: typed), tracker)
        #expect(report.isOK && step(.identity, report)?.verdict == verdict)
        #expect((report.expiresAt != nil) == (!typed.isEmpty || told != nil))
        if let told { #expect(report.expiresAt == Self.now + told, "the vendor knows better") }
        #expect(step(.identity, report)?.advice.contains("in -") == false)
    }

    @Test(
        arguments: [
            ([:], ProbeVerdict.passed, "announce no change"),
            (["deprecation": "true"], .warning, "advises against"),
            (["deprecation": "true", "sunset": "Fri, 31 Dec 2027 23:59:59 GMT"], .warning, "2027-12-31"),
        ] as [([String: String], ProbeVerdict, String)])
    func `a change that the tracker announces is a warning, the gravest first`(
        headers: [String: String], verdict: ProbeVerdict, words: String
    ) async {
        let report = await test(FakeTransport(200, headers))
        #expect(report.isOK && step(.api, report)?.verdict == verdict)
        #expect(step(.api, report)?.advice.contains(words) == true)
    }

    @Test(arguments: [(410, ProbeVerdict.warning, "410"), (500, .skipped, ""), (404, .skipped, "")])
    func `a call that is gone is told beside the failure`(
        status: Int, verdict: ProbeVerdict, words: String
    ) async {
        let report = await test(FakeTransport(status))
        #expect(!report.isOK && step(.api, report)?.verdict == verdict)
        #expect(words.isEmpty || step(.api, report)?.advice.contains(words) == true)
    }

    @Test func `what the vendor says of scopes is shown, cleaned and bounded`() async {
        var tracker = Probed()
        tracker.finding.scopes = (0..<200).map { "scope\u{1B}[31m-\($0)\n" }
        tracker.finding.denied = [.create]
        let report = await test(FakeTransport(200), Self.source(), tracker)
        #expect(report.scopes.count == ProbeReport.scopesMax && report.scopes.first == "scope-0")
        #expect(report.denied == [.create] && report.identity == "bot")
    }

    @Test(arguments: [
        (403, ProbeVerdict.warning, true, true), (404, .warning, false, true), (400, .warning, false, true),
        (200, .passed, false, true), (500, .skipped, false, false), (401, .skipped, false, false),
    ])
    func `a right that is missing is a warning, and anything else what it is`(
        status: Int, verdict: ProbeVerdict, isDenied: Bool, isOK: Bool
    ) async {
        let transport = FakeTransport { request in
            HTTPResponse(status: request.url.hasSuffix("/create") ? status : 200)
        }
        let report = await test(transport)
        #expect(step(.create, report)?.verdict == verdict && report.isOK == isOK)
        #expect(report.denied == (isDenied ? [.create] : []))
    }

    @Test func `a draft's rotating grant is not tested, and that is no failure`() async {
        let transport = FakeTransport(200)
        let draft = Self.source(.oauthRefresh, secrets: ["refresh_token": "r"], isDraft: true)
        let report = await test(transport, draft)
        #expect(report.isOK && step(.auth, report)?.verdict == .warning && transport.sent.isEmpty)
    }

    @Test func `a source nobody authorised yet is told so`() async {
        let transport = FakeTransport(200)
        let report = await test(transport, Self.source(.oauthRefresh))
        #expect(
            report.failureClass == "auth" && report.reason == .credentialRequired && transport.sent.isEmpty)
    }

    @Test(arguments: [
        ("invalid_grant", ErrorReason.trackerCredentialsExpired),
        ("invalid_client", .trackerCredentialsRejected),
    ])
    func `what the token endpoint refuses fails the authentication`(word: String, reason: ErrorReason) async {
        let transport = FakeTransport(400, body: "{\"error\":\"\(word)\"}")
        let report = await test(transport, Self.source(.oauthRefresh, secrets: ["refresh_token": "r"]))
        #expect(report.failureClass == "auth" && report.reason == reason)
        #expect(step(.auth, report)?.verdict == .failed && transport.sent.count == 1)
    }
}
