// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import TrackerConformance

@testable import ExtRefTrackers

/// Sources, answers and conversations that GitHub's tests start from. Answers are cut from GitHub's own
/// examples.
enum GitHubSample {
    typealias Reply = (status: Int, headers: [String: String], body: String)

    static let now = Timestamp(seconds: 1_795_340_867)
    static let budget = Duration.seconds(5)

    static func source(
        _ method: AuthenticationMethodID = .accessToken, base: String = "https://github.com",
        project: String = "octocat/Hello-World"
    ) -> TrackerSource {
        var source = Samples.source("gh", .gitHub, base)
        source.authenticationMethod = method
        source.defaultExternalProject = project
        if method == .gitHubApp { source.authenticationSettings = ["app_id": "Iv1.8a61f9b3a7aba766"] }
        let secrets =
            switch method {
            case .accessToken: ["token": "ghp_SECRET"]
            case .gitHubApp: ["private_key": "PEM SECRET", "access_token": "ghs_SECRET"]
            default: [String: String]()
            }
        return TrackerSource(source, credential: TrackerCredential(secrets))
    }

    static func graphQLAddress(of source: IntegrationSource) -> String {
        GitHubTracker().graphQLAddress(of: TrackerSource(source))
    }

    static func runner(_ transport: any HTTPTransport, signer: (any TokenSigning)? = nil) -> TrackerRunner {
        TrackerRunner(
            registry: TrackerRegistry([GitHubTracker()]), transport: transport, signer: signer,
            clock: ManualClock(), wallClock: { now })
    }

    /// Answers one after the other.
    static func transport(_ replies: Reply...) -> FakeTransport {
        let count = Counter()
        return FakeTransport { _ in
            let index = count.increment() - 1
            guard index < replies.count else { return HTTPResponse(status: 500) }
            let reply = replies[index]
            let fields = reply.headers.map { HTTPField($0.key, $0.value) }
            return HTTPResponse(status: reply.status, headers: fields, body: Array(reply.body.utf8))
        }
    }

    static func ok(_ body: String, _ headers: [String: String] = [:]) -> Reply { (200, headers, body) }

    /// Holds a whole conversation.
    static func outcome<Value>(
        of call: TrackerCall<Value>, _ transport: FakeTransport, from source: TrackerSource = source()
    ) async throws(TrackerError) -> Value {
        try await runner(transport).run(call, with: source, reading: GitHubTracker())
    }

    /// An issue as REST shows it.
    static func issue(
        _ number: Int = 1_347, in repository: String = "octocat/Hello-World", id: String = "MDU6SXNzdWUx",
        state: String = "open", more: String = ""
    ) -> String {
        """
        {"id":1,"node_id":"\(id)","repository_url":"https://api.github.com/repos/\(repository)",\
        "html_url":"https://github.com/\(repository)/issues/\(number)","number":\(number),"state":"\(state)",\
        "title":"Found a bug","body":"I'm having a problem with this.",\
        "labels":[{"id":208045946,"name":"bug","color":"f29513"},"easy"],\
        "assignees":[{"login":"octocat","id":583231},{"login":"hubot","id":2}],\
        "created_at":"2011-04-22T13:33:48Z","updated_at":"2011-04-23T13:33:48Z"\(more)}
        """
    }

    static let closedDetails =
        #","closed_at":"2011-04-24T00:00:00Z","state_reason":"not_planned","type":{"id":410,"name":"Bug"},"#
        + #""issue_field_values":[{"issue_field_id":1,"issue_field_name":"Effort","data_type":"number","value":3},"#
        + #"{"issue_field_id":2,"issue_field_name":"Priority","data_type":"single_select","value":"x","#
        + #""single_select_option":{"id":5,"name":"High"}}]"#

    static func pullRequest(
        _ number: Int = 2, state: String = "open", draft: Bool = false, merged: String = "null"
    )
        -> String
    {
        issue(
            number, id: "PR_kwDOAJy2Ks4AAAAC", state: state,
            more: #","draft":\#(draft),"pull_request":{"merged_at":\#(merged)}"#)
    }

    /// What goes over the wire in one line.
    static func lines(_ requests: [HTTPRequest]) -> [String] {
        requests.map { request in
            let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
            return "\(request.method.rawValue) \(request.url)\(body)"
        }
    }

    static let api = "https://api.github.com"
}

/// Signs by repeating what it is shown.
struct EchoSigner: TokenSigning {
    func rs256(_ message: [UInt8], privateKeyPEM: String) throws(TrackerError) -> [UInt8] {
        guard privateKeyPEM == "PEM SECRET" else { throw TrackerError(.credentialsRejected, "no key") }
        return Array("signed".utf8)
    }
}
