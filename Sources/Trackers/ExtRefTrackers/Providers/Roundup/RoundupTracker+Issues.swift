// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension RoundupTracker: BatchFetching {
    /// Our own bound, which keeps the address short; Roundup has none.
    public var batchIssuesMax: Int { 100 }

    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let id = try id(of: reference)
        return try list([("id", id)], limit: 1, in: source).then { (page) throws(TrackerError) in
            if let issue = page.issues.first(where: { $0.key == id }) { return .done(issue) }
            return try absent(id, in: source)
        }
    }

    /// Tells why a list leaves an issue out: a single read says whether it is missing or forbidden, and
    /// still shows what was retired.
    private func absent(
        _ id: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(path: ["data", "issue", id], headers: try headers(for: source))
        return .send(request) { (_) throws(TrackerError) -> TrackerCall<IssueSnapshot> in
            throw TrackerError(.gone, "Roundup says that the issue was retired.")
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var query = [(name: String, value: String)]()
        for reference in references { query.append(("id", try id(of: reference))) }
        return try list(query, limit: batchIssuesMax, in: source).map { BatchAnswer(found: $0.issues) }
    }

    func id(of reference: IssueReference) throws(TrackerError) -> String {
        guard let id = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no number of a Roundup issue.")
        }
        return id
    }
}

extension RoundupTracker: IssueSearching {
    /// Most words looked for; each is one more condition.
    private static let wordsMax = 10

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        if let id = canonicalKey(words) {
            return try list([("id", id)], limit: 1, in: source).map(\.issues)
        }
        // Said several times, a text has to hold all of them.
        let parts = words.split(whereSeparator: \.isWhitespace).prefix(Self.wordsMax)
        return try list(parts.map { ("title", String($0)) }, limit: limit, sort: "-activity", in: source)
            .map(\.issues)
    }
}

extension RoundupTracker: ChangesReading {
    /// Roundup reads times in the account's own time zone, of which nothing is known: the westernmost is
    /// twelve hours behind UTC. What is told twice does no harm.
    private static let zoneMargin = Duration.seconds(12 * 3_600)
    /// Most pages of one question.
    private static let pagesMax = 10_000

    public var changesNeedProject: Bool { false }

    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let number = page.isEmpty ? 1 : Int(page)
        guard let number, (1...Self.pagesMax).contains(number) else {
            throw TrackerError(.invalidRequest, "This is no page of changes.")
        }
        let time = TrackerDate.wholeSeconds(since - Self.zoneMargin).replacing("T", with: ".").dropLast()
        let query = [(name: "activity", value: "from \(time)"), ("@page_index", String(number))]
        return try list(query, limit: batchIssuesMax, sort: "activity,id", in: source).map { page in
            ChangesPage(
                issues: page.issues,
                next: page.hasNext && number < Self.pagesMax ? String(number + 1) : "")
        }
    }
}
