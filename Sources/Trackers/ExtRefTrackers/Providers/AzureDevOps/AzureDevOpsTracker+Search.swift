// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker: IssueSearching {
    /// Most words of a search; each is a condition of its own.
    private static let wordsMax = 10
    /// Longest word of the full-text index's operator (Microsoft Learn, "Query by titles, IDs and rich-text
    /// fields"), its wildcard included.
    private static let wordScalarsMax = 100

    /// Searches titles by the beginnings of words, in the allowed projects or else in the default one.
    ///
    /// By the query language and not by the search service: that one is a host of its own, needs another
    /// right and is an option of a server.
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        // A number means that work item; Azure DevOps' own search box does the same.
        if let id = canonicalKey(words).flatMap({ Int($0) }) { return try found([id], in: source) }
        let conditions = Self.conditions(for: words)
        guard !conditions.isEmpty else { return .done([]) }
        let allowed = source.source.allowedExternalProjects
        let projects = allowed.isEmpty ? [source.source.defaultExternalProject] : allowed
        let query = AzureDevOpsWIQL(
            where: AzureDevOpsWIQL.projects(projects) + conditions, orderBy: "[System.ChangedDate] DESC")
        return try self.query(query, limit: limit, in: source).then { (ids) throws(TrackerError) in
            try found(ids, in: source)
        }
    }

    /// Reads what was found, in that order.
    private func found(
        _ ids: [Int], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try items(ids, of: AzureDevOpsWire.Item.self, in: source).then { (items) throws(TrackerError) in
            let byID = Dictionary(items.map { ($0.id, $0) }) { first, _ in first }
            let shown = ids.compactMap { byID[Int64($0)] }.filter {
                source.source.allows(externalProject: $0.project ?? "")
            }
            return try snapshots(of: shown, in: source)
        }
    }

    /// `*` stands for any ending and `"` for a phrase, so neither may come from a person.
    private static func conditions(for words: String) -> [String] {
        words.split(whereSeparator: \.isWhitespace)
            .map { word in String(word.filter { $0 != "*" && $0 != "\"" }) }
            .filter { $0.contains { $0.isLetter || $0.isNumber } }
            .prefix(wordsMax)
            .map { word in
                let beginning = TrackerText.clean(word, scalarsMax: wordScalarsMax - 1)
                return "[System.Title] CONTAINS WORDS \(AzureDevOpsWIQL.quoted(beginning + "*"))"
            }
    }
}
