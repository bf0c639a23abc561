// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension ForgejoTracker: IssueSearching {
    /// Most repositories searched one by one; of more, all that the account sees are searched at once.
    static var searchRepositoriesMax: Int { 4 }

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let typed = completedKey(words, project: source.source.defaultExternalProject)
        guard let key = ForgejoKey(typed), source.source.allows(externalProject: key.repository.text) else {
            return try searchWords(words, limit: limit, in: source)
        }
        var request = try issueRequest(key, of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            // A text may look like a key and still be words of a title.
            if response.status == 404 { return try searchWords(words, limit: limit, in: source) }
            return .done([try readIssue(response, asked: key, from: source)])
        }
    }

    private func searchWords(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let repositories = repositories(of: source.source)
        guard repositories.isEmpty || repositories.count > Self.searchRepositoriesMax else {
            return try searchEach(repositories[...], words, limit: limit, found: [], in: source)
        }
        let request = try listRequest(nil, Self.query(words, limit), of: source)
        return .send(request) { (response) throws(TrackerError) in
            try readIssues(response, in: nil, from: source)
        }
    }

    private static func query(_ words: String, _ limit: Int) -> [(name: String, value: String)] {
        [("q", words), ("sort", "recentupdate"), ("limit", String(limit))]
    }

    private func searchEach(
        _ repositories: ArraySlice<ForgejoRepository>, _ words: String, limit: Int, found: [IssueSnapshot],
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let repository = repositories.first else {
            let newest = found.sorted {
                ($0.updatedAt?.milliseconds ?? 0) > ($1.updatedAt?.milliseconds ?? 0)
            }
            return .done(Array(newest.prefix(limit)))
        }
        var request = try listRequest(repository, Self.query(words, limit), of: source)
        // A hidden repository among several must not hide what the others have.
        if repositories.count > 1 || !found.isEmpty { request.acceptedStatuses = [404] }
        return .send(request) { (response) throws(TrackerError) in
            let issues =
                response.status == 404 ? [] : try readIssues(response, in: repository, from: source)
            return try searchEach(
                repositories.dropFirst(), words, limit: limit, found: found + issues, in: source)
        }
    }
}
