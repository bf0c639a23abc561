// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension TracTracker: BatchFetching {
    /// Our own bound, which keeps the address short; Trac has none.
    public var batchIssuesMax: Int { 100 }

    public var hasImmutableKeys: Bool { true }

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let id = try id(of: reference)
        return .send(try query([("id", id)], limit: 1, in: source)) { (response) throws(TrackerError) in
            guard let ticket = try readTickets(response, from: source).first(where: { $0.key == id }) else {
                throw TrackerError(.notFound, "Trac does not know it, or hides it from these credentials.")
            }
            return ticket
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var ids = [String]()
        for reference in references { ids.append(try id(of: reference)) }
        let request = try query([("id", ids.joined(separator: ","))], limit: batchIssuesMax, in: source)
        return .send(request) { (response) throws(TrackerError) in
            BatchAnswer(found: try readTickets(response, from: source))
        }
    }

    private func id(of reference: IssueReference) throws(TrackerError) -> String {
        guard let id = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no number of a Trac ticket.")
        }
        return id
    }
}

extension TracTracker: IssueSearching {
    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let request =
            if let id = canonicalKey(words) {
                try query([("id", id)], limit: 1, in: source)
            } else {
                // Two conditions on one column are alternatives, so the words go as one.
                try query(
                    [("summary", "~" + words)], limit: limit,
                    order: [("order", "changetime"), ("desc", "1")],
                    in: source)
            }
        return .send(request) { (response) throws(TrackerError) in
            try readTickets(response, from: source)
        }
    }
}

extension TracTracker: ChangesReading {
    /// How much earlier is asked for: no time comes back that could be trusted, so a page goes on by its
    /// number, and a ticket that changes meanwhile moves another one from the next page to this.
    private static let overlap = Duration.seconds(300)
    /// Most pages of one question.
    private static let pagesMax = 10_000

    public var changesNeedProject: Bool { false }

    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let (number, former) = try Self.place(page)
        let request = try query(
            [("changetime", TrackerDate.wholeSeconds(since - Self.overlap) + "..")], limit: batchIssuesMax,
            order: [("order", "changetime"), ("page", String(number))], in: source)
        return .send(request) { (response) throws(TrackerError) in
            let tickets = try readTickets(response, from: source)
            guard let first = tickets.first?.key, first != former else {
                return ChangesPage(issues: [], next: "")
            }
            let isFull = tickets.count >= batchIssuesMax && number < Self.pagesMax
            return ChangesPage(issues: tickets, next: isFull ? "\(number + 1)+\(first)" : "")
        }
    }

    /// Reads the name of a page: its number, and which ticket came first on the one before. Where all fits
    /// on one page Trac shows that, whichever page it is asked for.
    private static func place(_ page: String) throws(TrackerError) -> (number: Int, former: String) {
        if page.isEmpty { return (1, "") }
        let parts = page.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), (2...pagesMax).contains(number),
            let former = NumberKey.plain(String(parts[1]))
        else { throw TrackerError(.invalidRequest, "This is no page of changes.") }
        return (number, former)
    }
}

extension TracTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let request = try query([], limit: 1, in: source)
        let read = TrackerProbe(.read, request) { (response) throws(TrackerError) in
            try readTickets(response, from: source).isEmpty
                ? ProbeFinding(advice: "Tickets can be read, but there are none.", isWarning: true)
                : ProbeFinding(advice: "Tickets can be read.")
        }
        guard source.source.authenticationMethod == .basic else { return [read] }
        // There is no "me"; logging in, which comes before every call, has proved who we are.
        let login = TrackerText.short(source.setting("username"))
        let identity = TrackerProbe(.identity, request) { _ in
            ProbeFinding(identity: login, advice: "Trac takes us for \(login).")
        }
        return [identity, read]
    }
}
