// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Which GitHub a base URL leads to: they differ in where the API is and which of its versions they speak.
enum GitHubSite: Sendable, Hashable {
    /// github.com.
    case cloud
    /// An enterprise with its own data region, `SUB.ghe.com`.
    case residency(host: String)
    /// Enterprise Server, on the customer's host.
    case server

    private static let cloudHosts: Set<String> = ["github.com", "www.github.com"]
    private static let residencySuffix = ".ghe.com"

    init(baseURL: String) {
        let host = Self.host(of: baseURL)
        self =
            if Self.cloudHosts.contains(host) {
                .cloud
            } else if host.hasSuffix(Self.residencySuffix) {
                .residency(host: host)
            } else {
                .server
            }
    }

    /// The host of an address whose form was judged when it was saved; asked with every request, so that no
    /// more is read of it.
    private static func host(of baseURL: String) -> String {
        let authority = baseURL.firstRange(of: "://").map { baseURL[$0.upperBound...] } ?? baseURL[...]
        return authority.prefix { !"/:?#".contains($0) }.lowercased()
    }

    /// The value of `X-GitHub-Api-Version`: the newest that each of them answers to. Enterprise Server has
    /// known 2022-11-28 since its version 3.9.
    var apiVersion: String { self == .server ? "2022-11-28" : "2026-03-10" }

    /// Where the REST API answers.
    func apiBaseURL(baseURL: String) -> String {
        switch self {
        case .cloud: "https://api.github.com"
        case .residency(let host): "https://api.\(host)"
        case .server: baseURL.withoutTrailingSlashes + "/api/v3"
        }
    }

    /// What is wrong with a base URL, as the end of a sentence; nil = nothing. That it is an address at all
    /// is judged elsewhere.
    static func fault(of baseURL: String) -> String? {
        guard let url = try? PastedURL(baseURL) else { return nil }
        let site = GitHubSite(baseURL: baseURL)
        if url.host == "www.github.com" || url.host == "api.github.com" {
            return "must be https://github.com, where people open issues"
        }
        if case .residency(let host) = site, host.hasPrefix("api.") {
            return "must be the address where people open issues, such as https://acme.ghe.com"
        }
        guard site != .server, !url.segments.isEmpty else { return nil }
        return "must end behind the host; name a repository in default_external_project"
    }
}

extension GitHubTracker {
    public func apiBaseURL(of source: IntegrationSource) -> String {
        GitHubSite(baseURL: source.baseURL).apiBaseURL(baseURL: source.baseURL)
    }

    /// Where GraphQL answers: beside the REST API, by GitHub's own rule for each site (`/api/v3` has the
    /// sibling `/api/graphql`; api.github.com has `/graphql` below it). An admin's own API address is treated
    /// alike.
    func graphQLAddress(of source: TrackerSource) -> String {
        let base = apiBase(of: source.source)
        return base.hasSuffix("/api/v3") ? "\(base.dropLast(2))graphql" : "\(base)/graphql"
    }
}
