// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization

@testable import ExtRefTrackers

/// A tracker of the plainest kind: `GET /issues/KEY` answers its id, its key and the id it had before.
struct PlainTracker: IssueFetching {
    static let id = ProviderID(rawValue: "plain")
    static let registry = TrackerRegistry([PlainTracker(), PlainBatchTracker(), TokenTracker()])

    struct Wire: Decodable {
        let id: String
        let key: String
        let former: Lenient<String>
    }

    /// Where recordings of it stand.
    static func source(
        _ name: String = "plain", provider: ProviderID = id, secret: String = "SECRET", revision: Int64 = 1
    ) -> TrackerSource {
        var source = Samples.source(name, provider, "https://plain.example/base")
        source.revision = revision
        source.authenticationMethod = .accessToken
        return TrackerSource(source, credential: TrackerCredential(["token": secret]))
    }

    var description: ProviderDescription { Self.describe(Self.id) }

    static func describe(_ id: ProviderID) -> ProviderDescription {
        ProviderDescription(
            id: id, displayName: "Plain", capabilities: [.fetch], authenticationMethods: [],
            baseURLExample: "https://plain.example", issueURLTemplate: "{baseUrl}/issues/{key}",
            createURLTemplate: "", keyPattern: ".+", keyExample: "1")
    }

    func key(at location: IssueLocation) -> String? { nil }
    func canonicalKey(_ typed: String) -> String? { typed }

    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var request = TrackerRequest(
            path: ["issues", reference.key], headers: [HTTPField("Authorization", try source.secret("token"))]
        )
        request.followsMoves = true
        return .send(request) { (response) throws(TrackerError) in try Self.read(response) }
    }

    static func read(_ response: TrackerResponse) throws(TrackerError) -> IssueSnapshot {
        snapshot(try TrackerJSON.decode(Wire.self, from: response))
    }

    static func snapshot(_ issue: Wire) -> IssueSnapshot {
        var snapshot = IssueSnapshot(
            nativeID: issue.id, key: issue.key, webURL: "https://plain.example", title: "T",
            statusName: "New",
            providerCategory: .todo)
        snapshot.formerNativeID = issue.former.value
        return snapshot
    }
}

/// The same with a call for many, which says of each why it is not shown.
struct PlainBatchTracker: BatchFetching {
    static let id = ProviderID(rawValue: "plain_batch")

    private struct Answer: Decodable {
        let found: [PlainTracker.Wire]
        let refused: [String: String]
    }

    var description: ProviderDescription { PlainTracker.describe(Self.id) }
    var batchIssuesMax: Int { 10 }

    func key(at location: IssueLocation) -> String? { nil }
    func canonicalKey(_ typed: String) -> String? { typed }

    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> { try PlainTracker().fetch(reference, from: source) }

    func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        .send(TrackerRequest(path: ["many"])) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(Answer.self, from: response)
            var refused = [IssueReference: TrackerError.Code]()
            for reference in references {
                refused[reference] = answer.refused[reference.key].flatMap(TrackerError.Code.init)
            }
            return BatchAnswer(found: answer.found.map(PlainTracker.snapshot), refused: refused)
        }
    }
}

/// A tracker whose access tokens are obtained first.
struct TokenTracker: IssueFetching, TokenObtaining {
    static let id = ProviderID(rawValue: "tokens")
    static let tokenAddress = "https://auth.example/token"

    var rotates = true

    var description: ProviderDescription { PlainTracker.describe(Self.id) }

    func key(at location: IssueLocation) -> String? { nil }
    func canonicalKey(_ typed: String) -> String? { typed }
    func rotatesRefreshToken(_ source: IntegrationSource) -> Bool { rotates }

    func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod != .none else { return nil }
        return OAuthTokens(address: Self.tokenAddress).refresh(
            clientID: "client", clientSecret: "CLIENT-SECRET",
            refreshToken: try source.secret("refresh_token"), at: now)
    }

    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let token = try source.secret(TrackerCredential.accessTokenField)
        return .send(
            TrackerRequest(path: ["issues", reference.key], headers: [HTTPField("Authorization", token)])
        ) { (response) throws(TrackerError) in try PlainTracker.read(response) }
    }

    /// A stored source of it.
    static func source(
        _ name: String = "tokens", refreshToken: String = "r0", revision: Int64 = 1, isDraft: Bool = false
    ) -> TrackerSource {
        var source = Samples.source(name, id, "https://plain.example/base")
        source.revision = revision
        source.authenticationMethod = .oauthRefresh
        return TrackerSource(
            source, credential: TrackerCredential(["refresh_token": refreshToken]), isDraft: isDraft)
    }
}
