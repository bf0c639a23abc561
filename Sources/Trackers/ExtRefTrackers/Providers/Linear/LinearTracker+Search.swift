// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker: IssueSearching {
    /// What looks like a key is looked up first; words such as `UTF-8` look like one and are searched for
    /// next.
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let key = canonicalKey(words) else { return try find(words, limit: limit, in: source) }
        return try fetchBatch([IssueReference(key: key)], from: source).then {
            (answer) throws(TrackerError) in
            answer.found.isEmpty ? try find(words, limit: limit, in: source) : .done(answer.found)
        }
    }

    private func find(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let variables = LinearVariables.Search(
            term: words, first: limit, filter: Self.teams(source.source.allowedExternalProjects))
        return .send(try ask(LinearQuery.search, variables, of: source)) { (response) throws(TrackerError) in
            try read(LinearWire.SearchAnswer.self, from: response).searchIssues.elements
                .compactMap { snapshot($0, of: source) }
        }
    }

    /// Limits a question to teams; nil when none is named.
    static func teams(_ keys: [String]) -> LinearVariables.Filter? {
        guard !keys.isEmpty else { return nil }
        let keys = keys.map { $0.uppercased() }
        return LinearVariables.Filter(
            team: LinearVariables.TeamFilter(key: LinearVariables.Comparator(in: keys)))
    }
}
