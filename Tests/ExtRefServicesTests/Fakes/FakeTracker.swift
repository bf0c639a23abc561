// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation

@testable import ExtRefTrackers

/// An adapter of a tracker that exists in tests only and can do everything. Its server is ``FakeSites``.
struct FakeTracker: Sendable {
    static let id = ProviderID(rawValue: "fake")
    /// The same with nothing better than comments for back-links.
    static let commentingID = ProviderID(rawValue: "fake_comments")
    /// Where its API answers once a source names its site.
    static let vendorAPI = "https://api.vendor.example/ex/"
    static let authorizeAddress = "https://auth.vendor.example/authorize"
    static let tokenAddress = "https://auth.vendor.example/token"

    static let registry = TrackerRegistry([
        FakeTracker(backLinkForm: .linkObject), FakeTracker(backLinkForm: .comment), RedmineTracker(),
        CustomTracker(),
    ])

    let backLinkForm: BackLinkForm

    func headers(_ source: TrackerSource) throws(TrackerError) -> [HTTPField] {
        let isOAuth = source.source.authenticationMethod == .oauthRefresh
        let token = try source.secret(isOAuth ? TrackerCredential.accessTokenField : "token")
        return [HTTPField("Authorization", "Bearer " + token)]
    }

    func request(
        _ path: [String], _ method: HTTPRequest.Method = .get, query: [(name: String, value: String)] = [],
        body: [String: String]? = nil, to source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            method, path: path, query: query, headers: try headers(source),
            body: body.map { TrackerJSON.encode($0) })
    }
}

extension FakeTracker: IssueFetching {
    var description: ProviderDescription {
        let token = AuthenticationField(
            name: "token", label: "Token", isSecret: true, help: "Ask the vendor.")
        let site = AuthenticationField(
            name: "cloud_id", label: "Site", isSecret: false, isRequired: false, steersSecrets: true,
            help: "The vendor's id of the site.")
        return ProviderDescription(
            id: backLinkForm == .comment ? Self.commentingID : Self.id, displayName: "Fake",
            capabilities: [.fetch, .search, .create, backLinkForm == .comment ? .comment : .backLink],
            authenticationMethods: [
                AuthenticationMethod(id: .accessToken, label: "Token", fields: [token, site]),
                .oauth(label: "OAuth", clientHelp: "Register a client.", helpURL: ""),
            ],
            baseURLExample: "https://fake.example", issueURLTemplate: "{baseUrl}/issues/{key}",
            createURLTemplate: "{baseUrl}/new", keyPattern: "[A-Z]+-[0-9]+", keyExample: "FK-12")
    }

    /// This vendor says it of issues and nothing else.
    func failure(_ response: TrackerResponse) -> TrackerError? {
        response.status == 410 ? TrackerError(.gone, "It was deleted.") : nil
    }

    func key(at location: IssueLocation) -> String? {
        guard location.segments.count == 2, location.segments[0] == "issues" else { return nil }
        return canonicalKey(location.segments[1])
    }

    func canonicalKey(_ typed: String) -> String? {
        typed.uppercased().wholeMatch(of: #/[A-Z]+-[0-9]+/#) == nil ? nil : typed.uppercased()
    }

    func apiBaseURL(of source: IntegrationSource) -> String {
        let site = source.authenticationSettings["cloud_id"] ?? ""
        return site.isEmpty ? source.baseURL + "/api" : Self.vendorAPI + site
    }

    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let id = reference.nativeID.isEmpty ? reference.key : reference.nativeID
        return .send(try request(["issues", id], to: source)) { (response) throws(TrackerError) in
            snapshot(try TrackerJSON.decode(FakeSites.Entry.self, from: response), source)
        }
    }

    func snapshots(_ request: TrackerRequest, _ source: TrackerSource) -> TrackerCall<[IssueSnapshot]> {
        .send(request) { (response) throws(TrackerError) in
            try TrackerJSON.decode(FakeSites.Page.self, from: response).issues.map { snapshot($0, source) }
        }
    }

    func snapshot(_ entry: FakeSites.Entry, _ source: TrackerSource) -> IssueSnapshot {
        var snapshot = IssueSnapshot(
            nativeID: entry.id, key: entry.key, webURL: issueURL(of: entry.key, in: source),
            title: TrackerText.title(entry.title), statusName: entry.status,
            providerCategory: StatusCategory(rawValue: entry.category) ?? .unknown)
        snapshot.projectKey = entry.project
        return snapshot
    }
}

extension FakeTracker: IssueSearching {
    func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let query = [(name: "q", value: words), (name: "limit", value: String(limit))]
        return snapshots(try request(["search"], query: query, to: source), source)
    }
}

extension FakeTracker: ConnectionProbing {
    func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        [
            TrackerProbe(.identity, try request(["me"], to: source)) { (response) throws(TrackerError) in
                let me = try TrackerJSON.decode(FakeSites.Me.self, from: response)
                var finding = ProbeFinding(identity: me.login, advice: "The tracker knows us.")
                finding.denied = Set(me.denied.compactMap(Capability.init(rawValue:)))
                return finding
            }
        ]
    }
}

extension FakeTracker: OAuthAuthorizing {
    func oauth(of source: IntegrationSource) -> OAuthEndpoints {
        OAuthEndpoints(
            authorizeAddress: Self.authorizeAddress, tokenAddress: Self.tokenAddress,
            scopes: ["read", "write"], extraItems: [QueryItem("audience", "api & more")])
    }

    func tokenCall(
        for source: TrackerSource, at now: Timestamp, signer: any TokenSigning
    ) throws(TrackerError) -> TrackerCall<IssuedToken>? {
        guard source.source.authenticationMethod == .oauthRefresh else { return nil }
        return try refreshCall(for: source, at: now)
    }
}
