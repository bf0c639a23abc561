// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsAuthenticationTests {
    private typealias Samples = AzureDevOpsSamples

    private static let entra = [
        "tenant_id": "11111111-2222-3333-4444-555555555555", "client_id": "c l",
    ]

    @Test(arguments: [
        (AuthenticationMethodID.accessToken, ["token": "pat"], "Basic OnBhdA=="),
        (.basic, ["password": "pa:ss"], "Basic Q09SUFxhZGE6cGE6c3M="),
        (.clientCredentials, ["access_token": "eyJ.x.y"], "Bearer eyJ.x.y"),
    ])
    func `each way to authenticate sends its header`(
        method: AuthenticationMethodID, secrets: [String: String], value: String
    ) throws {
        let source = Samples.source(method: method, settings: ["username": "CORP\\ada"])
        #expect(
            try Samples.tracker.headers(for: TrackerSource(source, credential: TrackerCredential(secrets)))
                == [
                    HTTPField("Accept", "application/json"), HTTPField("X-TFS-FedAuthRedirect", "Suppress"),
                    HTTPField("Authorization", value),
                ])
    }

    @Test(arguments: [AuthenticationMethodID.accessToken, .basic, .clientCredentials])
    func `without a secret nothing is sent`(method: AuthenticationMethodID) async {
        let transport = Samples.script([])
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(transport).fetchIssue(
                IssueReference(key: "1"), from: TrackerSource(Samples.source(method: method)),
                budget: Samples.budget)
        }
        #expect(error?.code == .credentialsRejected && transport.sent.isEmpty)
    }

    @Test func `a service principal exchanges its secret for a token that reads the item`() async throws {
        let transport = Samples.script([
            Samples.json(#"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ.x.y"}"#),
            Samples.json(Samples.item(12)), Samples.states,
        ])
        let source = TrackerSource(
            Samples.source(method: .clientCredentials, settings: Self.entra),
            credential: TrackerCredential(["client_secret": "s&t"]))
        _ = try await Samples.runner(transport)
            .fetchIssue(IssueReference(key: "12"), from: source, budget: Samples.budget)
        #expect(
            transport.sent[0].url
                == "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token")
        #expect(
            transport.sent[0].text
                == "grant_type=client_credentials&client_id=c%20l&client_secret=s%26t"
                + "&scope=499b84ac-1321-427f-aa17-267ca6975798%2F.default")
        #expect(
            transport.sent.dropFirst().allSatisfy {
                $0.headers.last == HTTPField("Authorization", "Bearer eyJ.x.y")
            })
    }

    @Test func `the token endpoint may be a gateway`() async throws {
        let transport = Samples.script([Samples.json("{\"error\":\"invalid_client\"}", status: 401)])
        let settings = Self.entra.merging(["token_url": "https://gateway.example/token"]) { $1 }
        let source = TrackerSource(
            Samples.source(method: .clientCredentials, settings: settings),
            credential: TrackerCredential(["client_secret": "s"]))
        let error = await #expect(throws: TrackerError.self) {
            try await Samples.runner(transport)
                .fetchIssue(IssueReference(key: "12"), from: source, budget: Samples.budget)
        }
        #expect(error?.code == .credentialsRejected)
        #expect(transport.sent.map(\.url) == ["https://gateway.example/token"])
    }

    @Test(arguments: ["", "a/../b", ".."])
    func `a directory that is none is not asked`(tenant: String) {
        let source = TrackerSource(
            Samples.source(method: .clientCredentials, settings: ["tenant_id": tenant, "client_id": "c"]),
            credential: TrackerCredential(["client_secret": "s"]))
        let error = #expect(throws: TrackerError.self) {
            try AzureDevOpsEntra.tokenCall(for: source, at: Timestamp(seconds: 0))
        }
        #expect(error?.code == .credentialsRejected)
    }

    @Test func `the address of tokens steers secrets, and every field says where to get it`() {
        let fields = AzureDevOpsTracker.authenticationMethods.flatMap(\.fields)
        #expect(fields.filter(\.steersSecrets).map(\.name) == ["token_url"])
        #expect(fields.filter(\.isSecret).map(\.name) == ["token", "client_secret", "password"])
        #expect(fields.allSatisfy { !$0.help.isEmpty })
        #expect(
            AzureDevOpsTracker.authenticationMethods.allSatisfy { $0.helpURL.hasPrefix("https://learn.") })
    }
}

@Suite struct AzureDevOpsFailureTests {
    private typealias Samples = AzureDevOpsSamples

    private static let html = HTTPField("content-type", "text/html; charset=utf-8")

    private func failure(_ answer: HTTPResponse) async -> TrackerError? {
        await #expect(throws: TrackerError.self) {
            try await Samples.runner(Samples.script([answer]))
                .fetchIssues([IssueReference(key: "12")], from: Samples.ready(), budget: Samples.budget)
        }
    }

    private static func redirect(_ location: String, status: Int = 302, isPage: Bool = true) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPField("location", location)] + (isPage ? [html] : []))
    }

    @Test(arguments: [
        // The log-in in its many shapes.
        (HTTPResponse(status: 203, headers: [html]), TrackerError.Code.credentialsRejected),
        (HTTPResponse(status: 203), .credentialsRejected),
        (HTTPResponse(status: 200, headers: [html]), .credentialsRejected),
        (
            redirect("https://spsprod.vssps.visualstudio.com/_signin?realm=dev.azure.com"),
            .credentialsRejected
        ),
        (redirect("https://x.example/_signin", isPage: false), .credentialsRejected),
        (redirect("https://x.example/elsewhere?reply_to=/_apis/wit"), .credentialsRejected),
        (HTTPResponse(status: 302, headers: [html]), .credentialsRejected),
        (HTTPResponse(status: 401), .credentialsRejected),
        (
            Samples.refusal(401, "UnauthorizedRequestException", "TF400813: not authorized"),
            .credentialsRejected
        ),
        (
            Samples.refusal(
                401, "AccessCheckException", "Access Denied: The Personal Access Token used has expired."),
            .credentialsExpired
        ),
        // An address that moved is not a log-in.
        (redirect("https://dev.azure.com/acme/_apis/wit/workitemsbatch"), .redirected),
        (redirect("https://dev.azure.com/acme", status: 301), .redirected),
        // Rights.
        (HTTPResponse(status: 403), .permissionDenied),
        (Samples.refusal(403, "AccessCheckException", "TF50309: no"), .permissionDenied),
        (Samples.refusal(400, "X", "TF237111: no right in this area"), .permissionDenied),
        // Limits.
        (Samples.refusal(403, "X", "TF400733: The request has been canceled: blocked"), .rateLimited),
        (Samples.refusal(400, "X", "TF400733: blocked"), .rateLimited),
        (Samples.refusal(429, "X", "TF400733: blocked"), .rateLimited),
        (HTTPResponse(status: 429), .rateLimited),
        // Missing.
        (Samples.refusal(404, "WorkItemUnauthorizedAccessException", "TF401232: no"), .notFound),
        (Samples.refusal(404, "ProjectDoesNotExistWithNameException", "TF200016: no"), .notFound),
        (HTTPResponse(status: 404, headers: [html]), .notFound),
        // Refused.
        (
            Samples.refusal(
                400, "QueryException", "TF51005: The query references a field that does not exist."),
            .invalidRequest
        ),
        (
            Samples.refusal(400, "VssVersionOutOfRangeException", "The requested version is out of range"),
            .unsupported
        ),
        (Samples.refusal(409, "WorkItemRevisionMismatchException", "TF26071: changed"), .unavailable),
        (Samples.refusal(412, "TestPatchOperationFailedException", "VS403351: no"), .unavailable),
        (Samples.refusal(408, "WorkItemTrackingQueryTimeoutException", "VS402335: no"), .unavailable),
        (HTTPResponse(status: 400), .invalidRequest), (Samples.json("[1]", status: 400), .invalidRequest),
        (HTTPResponse(status: 500), .unavailable), (HTTPResponse(status: 503), .unavailable),
        (Samples.refusal(503, "X", "TF400733: blocked"), .unavailable),
        (Samples.json("{}"), .badResponse), (Samples.json(""), .badResponse),
    ])
    func `a refusal has its code`(answer: HTTPResponse, code: TrackerError.Code) async {
        let error = await failure(answer)
        #expect(error?.code == code)
        #expect(error?.message.contains("TF") == false && error?.message.hasSuffix(".") == true)
    }

    @Test(arguments: [
        (HTTPResponse(status: 429, headers: [HTTPField("retry-after", "30")]), 30),
        (HTTPResponse(status: 429, headers: [HTTPField("x-ratelimit-reset", "1795340927")]), 60),
        (Samples.json("{\"message\":\"TF400733: no\"}", status: 403, [HTTPField("retry-after", "7")]), 7),
        (
            Samples.json(
                "{\"message\":\"TF400733: no\"}", status: 403,
                [HTTPField("x-ratelimit-reset", "1795340877")]),
            10
        ),
    ])
    func `a limit says how long to wait`(answer: HTTPResponse, seconds: Int) async {
        #expect(await failure(answer)?.retryAfter == .seconds(seconds))
    }

    @Test func `an answer that was only delayed is a good one`() async throws {
        let delayed = HTTPResponse(
            status: 200,
            headers: [
                HTTPField("content-type", "application/json"), HTTPField("x-ratelimit-delay", "12.5"),
                HTTPField("x-ratelimit-remaining", "0"), HTTPField("retry-after", "12"),
            ], body: Samples.list([Samples.item(12)]).body)
        let outcome = try await Samples.runner(Samples.script([delayed, Samples.states]))
            .fetchIssues([IssueReference(key: "12")], from: Samples.ready(), budget: Samples.budget)
        #expect(outcome.found.map(\.key) == ["12"])
    }
}

@Suite struct AzureDevOpsProbeTests {
    private typealias Samples = AzureDevOpsSamples

    private static let identity = Samples.json(
        """
        {"authenticatedUser":{"id":"1","providerDisplayName":"Ada Example","properties":\
        {"Account":{"$type":"System.String","$value":"ada@example.com"}}},"deploymentType":"hosted"}
        """)
    private static let kinds = Samples.list([#"{"name":"Hyperlink","referenceName":"Hyperlink"}"#])
    private static let projects = Samples.list([#"{"id":"1","name":"Web Shop"}"#])

    private func report(
        _ source: TrackerSource = Samples.ready(), _ answers: HTTPResponse...
    ) async -> (ProbeReport, [String]) {
        let transport = Samples.script(answers)
        let report = await Samples.runner(transport).testConnection(source)
        return (report, transport.sent.map(\.line))
    }

    private func step(_ name: ProbeStep.Name, _ report: ProbeReport) -> ProbeStep? {
        report.steps.first { $0.name == name }
    }

    @Test func `a connection test says who we are and what can be read`() async {
        let (report, lines) = await report(
            Samples.ready(), Self.identity, Self.kinds, Self.projects, Samples.found([1]))
        #expect(report.isOK && report.identity == "Ada Example (ada@example.com)")
        for name in [ProbeStep.Name.auth, .identity, .read, .search] {
            #expect(step(name, report)?.verdict == .passed, "\(name)")
        }
        #expect(
            lines == [
                "GET /_apis/connectionData?api-version=7.1-preview",
                "GET /_apis/wit/workitemrelationtypes?api-version=7.1",
                "GET /_apis/projects?%24top=1&api-version=7.1",
                "POST /_apis/wit/wiql?%24top=1&api-version=7.1",
            ])
        #expect(!"\(report)".contains("pat\""))
    }

    @Test func `the default project is looked for by its name`() async {
        let (report, lines) = await report(
            Samples.ready(project: "Web Shop"), Self.identity, Self.kinds,
            Samples.json("{\"name\":\"Web Shop\"}"),
            Samples.found([]))
        #expect(step(.read, report)?.advice == "Work items can be read, and the project Web Shop is there.")
        #expect(lines[2] == "GET /_apis/projects/Web%20Shop?api-version=7.1")
    }

    @Test(arguments: [
        (Samples.ready(project: "Gone"), HTTPResponse(status: 404)),
        (Samples.ready(allowed: ["Gone"]), HTTPResponse(status: 401)),
        (Samples.ready(), HTTPResponse(status: 403)),
        (Samples.ready(), Samples.list([])),
    ])
    func `a project that is not seen is a warning`(source: TrackerSource, answer: HTTPResponse) async {
        let (report, _) = await report(source, Self.identity, Self.kinds, answer, Samples.found([]))
        #expect(report.isOK && step(.read, report)?.verdict == .warning)
        #expect(step(.read, report)?.advice.hasPrefix("Work items can be read") == true)
    }

    @Test(arguments: [
        HTTPResponse(status: 401), HTTPResponse(status: 203),
        Samples.json("{\"authenticatedUser\":{\"id\":\"AAAAAAAA-aaaa-aaaa-aaaa-aaaaaaaaaaaa\"}}"),
    ])
    func `bad credentials fail the step they belong to`(answer: HTTPResponse) async {
        let (report, lines) = await report(Samples.ready(), answer)
        #expect(!report.isOK && report.failureClass == "auth" && report.reason == .trackerCredentialsRejected)
        #expect(step(.auth, report)?.verdict == .failed && lines.count == 1)
    }

    @Test func `a good token without the scope for work items fails the reading`() async {
        let (report, _) = await report(Samples.ready(), Self.identity, HTTPResponse(status: 401))
        #expect(!report.isOK && report.failureClass == "permission" && report.reason == .trackerScopeMissing)
        #expect(step(.auth, report)?.verdict == .passed && step(.read, report)?.verdict == .failed)
    }

    @Test func `an old server is told so`() async {
        let (report, _) = await report(
            Samples.ready(), Samples.refusal(400, "VssVersionOutOfRangeException", "out of range"))
        #expect(!report.isOK && step(.http, report)?.advice.contains("2022.1") == true)
    }

    @Test(arguments: [
        ("{\"authenticatedUser\":{\"providerDisplayName\":\"Ada\"}}", "Ada", ProbeVerdict.passed),
        ("{\"authenticatedUser\":{\"properties\":{\"Account\":{\"$value\":\"ada\"}}}}", "ada", .passed),
        ("{\"authenticatedUser\":{}}", "", .warning),
    ])
    func `who we are is said as far as it is known`(
        body: String, identity: String, verdict: ProbeVerdict
    ) async {
        let (report, _) = await report(
            Samples.ready(), Samples.json(body), Self.kinds, Self.projects, Samples.found([]))
        #expect(report.identity == identity && step(.identity, report)?.verdict == verdict)
    }
}
