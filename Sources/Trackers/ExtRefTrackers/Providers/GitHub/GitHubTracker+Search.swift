// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitHubTracker: IssueSearching {
    /// Most `OR`s in one search, and so one repository more (GitHub, "Limitations on query length").
    private static let operatorsMax = 5

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let typed = completedKey(words, project: source.source.defaultExternalProject)
        if let key = GitHubKey(typed) { return try find(key, in: source) }
        let words = Self.plain(words)
        guard !words.isEmpty else { return .done([]) }
        let place = Self.place(of: source.source)
        if place.isEmpty, GitHubSite(baseURL: source.source.baseURL) == .cloud {
            throw TrackerError(
                .invalidRequest,
                "A search would go through all of github.com. Give the source a default or allowed external project."
            )
        }
        let request = try searchRequest([words, place, "is:issue"], limit: limit, in: source)
        return .send(request) { (response) throws(TrackerError) in try readFound(response, from: source) }
    }

    /// Asks for issues, pull requests excluded: a search must name one of both.
    func searchRequest(
        _ parts: [String], limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var query = [
            (name: "q", value: parts.filter { !$0.isEmpty }.joined(separator: " ")),
            (name: "sort", value: "updated"), (name: "order", value: "desc"),
            (name: "per_page", value: String(limit)),
        ]
        if GitHubSite(baseURL: source.source.baseURL) != .server {
            query.append((name: "advanced_search", value: "true"))
        }
        var request = try get(["search", "issues"], query: query, from: source)
        request.acceptedStatuses = [422]
        return request
    }

    private func readFound(
        _ response: TrackerResponse, from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try Self.requireSearchable(response)
        let answer = try TrackerJSON.decode(GitHubWire.SearchAnswer.self, from: response)
        return readIssues(answer.items, from: source)
    }

    /// GitHub refuses a whole search for one repository that it does not show.
    static func requireSearchable(_ response: TrackerResponse) throws(TrackerError) {
        guard response.status != 422 else {
            throw TrackerError(
                .invalidRequest,
                "GitHub refuses the search: a repository that the source names does not exist, or is hidden from "
                    + "these credentials.")
        }
    }

    /// A text that is a key means that issue; one that is not there is no failure of a search.
    private func find(
        _ key: GitHubKey, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        var request = try get(key.path(), from: source)
        request.followsMoves = true
        request.acceptedStatuses = [404, 410]
        return .send(request) { (response) throws(TrackerError) in
            guard try isThere(response) else { return [] }
            return [try readIssue(response, askedFor: IssueReference(key: key.text), from: source)]
        }
    }

    /// Words without GitHub's search language: qualifiers could look into other repositories, and operators
    /// would change the meaning of ours.
    private static func plain(_ words: String) -> String {
        let blanked = String(words.map { "\"():\\".contains($0) ? " " : $0 })
        return blanked.split(separator: " ").map { word in
            let word = word.drop { $0 == "-" }
            return ["AND", "OR", "NOT"].contains(word) ? word.lowercased() : String(word)
        }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Where to look: in the allowed repositories, else in the default one. More than GitHub lets us name are
    /// looked for at their owners' and filtered afterwards; an Enterprise Server knows no `OR`.
    static func place(of source: IntegrationSource) -> String {
        let allowed = source.allowedExternalProjects
        let projects = (allowed.isEmpty ? [source.defaultExternalProject] : allowed)
            .compactMap { GitHubRepository($0) }
        let most = GitHubSite(baseURL: source.baseURL) == .server ? 1 : operatorsMax + 1
        let repositories = Set(projects.map { "repo:" + $0.text }).sorted()
        if repositories.count <= most { return anyOf(repositories) }
        let owners = Set(projects.map { "org:" + $0.owner.lowercased() }).sorted()
        return owners.count <= most ? anyOf(owners) : ""
    }

    private static func anyOf(_ qualifiers: [String]) -> String {
        qualifiers.count > 1 ? "(" + qualifiers.joined(separator: " OR ") + ")" : qualifiers.first ?? ""
    }
}
