// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
internal import FoundationEssentials

/// The rows of a list that were read, and whether they are all that matters.
struct GitHubRows<Row: Sendable>: Sendable {
    var rows: [Row]
    var isWhole: Bool
}

extension GitHubTracker {
    /// Most rows of one page, GitHub's own maximum.
    static let pageRowsMax = 100

    /// Reads a list page after page, until it ends, its rows are enough, or too many pages were read.
    func list<Row: Decodable & Sendable>(
        _ request: TrackerRequest, pagesMax: Int, _ read: [Row] = [],
        until isEnough: @escaping @Sendable (Row) -> Bool = { _ in false }
    ) -> TrackerCall<GitHubRows<Row>> {
        .send(request) { (response) throws(TrackerError) in
            let page = try TrackerJSON.decode([Lenient<Row>].self, from: response).compactMap(\.value)
            let rows = read + page
            guard let next = GitHubLink.next(of: response), !page.contains(where: isEnough) else {
                return .done(GitHubRows(rows: rows, isWhole: true))
            }
            guard pagesMax > 1 else { return .done(GitHubRows(rows: rows, isWhole: false)) }
            return list(request.turned(to: next), pagesMax: pagesMax - 1, rows, until: isEnough)
        }
    }

    /// A time as GitHub's queries take it, such as `2026-11-22T10:02:10Z`.
    static func text(_ time: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
    }
}

extension TrackerRequest {
    /// The same list at another page. Only the items that name the page are taken from the answer: path and
    /// filters stay what they were.
    func turned(to page: [QueryItem]) -> TrackerRequest {
        var request = self
        let names = Set(page.map(\.name))
        request.query =
            query.filter { !names.contains($0.name) } + page.map { (name: $0.name, value: $0.value) }
        return request
    }
}

/// GitHub's `Link` header (RFC 8288): the way from page to page.
enum GitHubLink {
    /// What names a page: a number, or a cursor, which GitHub demands behind some ten thousand rows.
    private static let pageItems: Set<String> = ["page", "after"]
    /// What a token names beside it: where the list begins.
    private static let tokenItems = pageItems.union(["since"])
    /// Longest cursor that is handed back.
    private static let valueBytesMax = 512

    /// The items that name the next page; nil on the last one.
    static func next(of response: TrackerResponse) -> [QueryItem]? {
        for link in (response.header("link") ?? "").split(separator: "<") {
            let parts = link.split(separator: ">", maxSplits: 1)
            guard parts.count == 2, parts[1].contains("rel=\"next\""),
                let url = try? PastedURL(String(parts[0]))
            else { continue }
            let items = items(in: url.query, named: pageItems)
            return items.isEmpty ? nil : items
        }
        return nil
    }

    /// A page as a token for later.
    static func token(_ page: [QueryItem]) -> String {
        page.map { "\($0.name)=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
    }

    /// Reads such a token.
    static func page(_ token: String) throws(TrackerError) -> [QueryItem] {
        guard let url = try? PastedURL("https://github.com/?" + token) else { throw Self.unknownPage }
        let items = items(in: url.query, named: tokenItems)
        guard !items.isEmpty, items.count == url.query.count else { throw Self.unknownPage }
        return items
    }

    private static func items(in query: [QueryItem], named names: Set<String>) -> [QueryItem] {
        query.filter {
            names.contains($0.name) && !$0.value.isEmpty && $0.value.utf8.count <= valueBytesMax
        }
    }

    private static var unknownPage: TrackerError {
        TrackerError(.invalidRequest, "This is no page that GitHub named.")
    }
}
