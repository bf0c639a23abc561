// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers

extension TrackerExam {
    /// Whether requests are well formed and secrets stay in headers and bodies.
    public func requests() -> [String] {
        var wrong = [String]()
        for request in sampleRequests() {
            let line = request.pathAndQuery
            let isWhole = if case .address = request.base { line.isEmpty } else { false }
            if !line.hasPrefix("/"), !isWhole { wrong.append("\(line) does not start with a slash") }
            if line.contains("SECRET") { wrong.append("\(request) carries a secret in its address") }
            if line.utf8.contains(where: { !(0x21...0x7E).contains($0) }) {
                wrong.append("\(request) is not encoded")
            }
            if "\(request)".contains("SECRET") { wrong.append("\(request) prints a secret") }
            if request.headers.contains(where: { !$0.isSound }) {
                wrong.append("\(request) has a header that cannot be sent")
            }
            if request.followsMoves, request.method != .get { wrong.append("\(request) may not be repeated") }
        }
        return wrong
    }

    /// Whether hostile answers are read into clean values or typed errors, at every step of every operation.
    /// Thousands of them: other tests get their turn in between.
    /// - Returns: what is wrong, and how many answers were read.
    public func answersReading() async -> (wrong: [String], count: Int) {
        var wrong = Set<String>()
        var count = 0
        // Calls are values: begun once, each can be answered again and again.
        let (issueCalls, textCalls) = (issueCalls(), textCalls())
        for (index, exchange) in answers.enumerated() {
            // Each body meets every step of every operation, so that once is enough for those that vary
            // nothing.
            let bodies =
                HostileAnswers.variations(of: exchange.response.body)
                + (index == 0 ? HostileAnswers.bodies : [])
            for body in bodies {
                await Task.yield()
                count += 1
                let response = TrackerResponse(
                    status: exchange.response.status, headers: exchange.response.headers, body: body)
                let snapshots = issueCalls.flatMap { outcome(of: $0, answeredBy: response) ?? [] }
                for snapshot in snapshots { wrong.formUnion(faults(of: snapshot)) }
                let texts = textCalls.flatMap { outcome(of: $0, answeredBy: response) ?? [] }
                for text in texts where !isClean(text) || text.contains("SECRET") {
                    wrong.insert("a text repeats what the tracker wrote")
                }
            }
        }
        return (wrong.sorted(), count)
    }

    private static let words = ["checkout", "ä & ö?#%", "a\"b'c\\d", "\u{1F680}"]

    private var references: [IssueReference] { keys.map { IssueReference(key: $0) } }

    private var newIssue: NewIssue {
        NewIssue(
            project: source.source.defaultExternalProject,
            fields: ["title": "Checkout \"fails\" & 'more'", "description": "line 1\nline 2 <b>\u{1F680}"],
            marker: CreationMarker(
                text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000"),
            startedAt: Timestamp(seconds: 1_795_340_867))
    }

    private static let backLink = BackLink(
        linkID: "lnk_01JD0000000000000000000000", url: "https://tests.example.com/case/TC-1?a=b&c=d",
        title: "Test case TC-1 \"quoted\" <x>", relationship: "Tested by")

    /// Every operation the adapter has, begun; its result as issues.
    private func issueCalls() -> [TrackerCall<[IssueSnapshot]>] {
        var calls = [TrackerCall<[IssueSnapshot]>?]()
        if let tracker = tracker as? any IssueFetching {
            calls += references.map { reference in
                try? tracker.fetch(reference, from: source).map { [$0] }
            }
        }
        if let tracker = tracker as? any BatchFetching {
            calls += tracker.batches(of: references).map { batch in
                try? tracker.fetchBatch(batch, from: source).map(\.found)
            }
        }
        if let tracker = tracker as? any IssueSearching {
            calls += Self.words.map { try? tracker.search($0, limit: 5, in: source) }
        }
        if let tracker = tracker as? any ChangesReading {
            let project = source.source.defaultExternalProject
            calls.append(
                try? tracker.changes(
                    since: newIssue.startedAt, project: project, page: "", in: source
                ).map(\.issues))
        }
        if let tracker = tracker as? any IssueCreating {
            calls.append(try? tracker.create(newIssue, in: source).map { [$0] })
            calls.append(try? tracker.findCreated(newIssue, in: source).map { [$0].compactMap(\.self) })
        }
        return calls.compactMap(\.self)
    }

    /// Every other operation; its result as the texts that people will see.
    private func textCalls() -> [TrackerCall<[String]>] {
        var calls = [TrackerCall<[String]>?]()
        if let tracker = tracker as? any ConnectionProbing {
            calls += ((try? tracker.probes(of: source)) ?? []).map { probe in
                try? probe.call.map { [$0.identity, $0.advice] }
            }
        }
        if let tracker = tracker as? any IssueCreating {
            calls.append(
                try? tracker.form(project: newIssue.project, type: "", in: source).map { form in
                    form.types.map(\.label) + form.fields.flatMap { [$0.label] + $0.choices.map(\.label) }
                })
        }
        if let tracker = tracker as? any BackLinking, let issue = references.first {
            calls.append(
                try? tracker.putBackLink(Self.backLink, on: issue, in: source).map { _ in [] })
            calls.append(
                try? tracker.removeBackLink(Self.backLink, remoteID: "17", from: issue, in: source)
                    .map { _ in [] })
        }
        return calls.compactMap(\.self)
    }

    /// The first request of every operation, and those that follow the recorded answers.
    private func sampleRequests() -> [TrackerRequest] {
        let answers = answers.map {
            TrackerResponse(
                status: $0.response.status, headers: $0.response.headers, body: $0.response.body)
        }
        return issueCalls().flatMap { requests(of: $0, answers) }
            + textCalls().flatMap { requests(of: $0, answers) }
    }

    private func requests<Value>(
        of call: TrackerCall<Value>, _ answers: [TrackerResponse]
    ) -> [TrackerRequest] {
        guard case .send(let request, let step) = call else { return [] }
        let next = answers.compactMap { answer -> TrackerRequest? in
            guard case .send(let request, _)? = try? step(answer) else { return nil }
            return request
        }
        return [request] + next
    }

    /// Runs a conversation in which every answer is the same.
    private func outcome<Value>(of call: TrackerCall<Value>, answeredBy response: TrackerResponse) -> Value? {
        var call = call
        for _ in 0..<TrackerLimits.requestsPerCallMax {
            switch call {
            case .done(let value): return value
            case .send(_, let step):
                guard let next = try? step(response) else { return nil }
                call = next
            }
        }
        return nil
    }

    private func faults(of snapshot: IssueSnapshot) -> [String] {
        var wrong = [String]()
        let people = snapshot.assignees.map(\.displayName)
        let short =
            [snapshot.statusName, snapshot.priority, snapshot.type, snapshot.resolution].compactMap(\.self)
            + people + snapshot.labels
        if snapshot.title.isEmpty { wrong.append("a title is empty") }
        if snapshot.title.unicodeScalars.count > DomainLimits.titleScalarsMax {
            wrong.append("a title is too long")
        }
        if short.contains(where: { $0.unicodeScalars.count > DomainLimits.shortTextScalarsMax }) {
            wrong.append("a short text is too long")
        }
        if !(short + [snapshot.title]).allSatisfy(isClean) { wrong.append("a text holds harmful characters") }
        if snapshot.assignees.count > DomainLimits.assigneesMax {
            wrong.append("there are too many assignees")
        }
        if snapshot.labels.count > DomainLimits.labelsMax { wrong.append("there are too many labels") }
        if tracker.canonicalKey(snapshot.key) != snapshot.key { wrong.append("a key is not canonical") }
        if snapshot.nativeID.isEmpty { wrong.append("an issue has no native id") }
        if !snapshot.webURL.hasPrefix("https://"), !snapshot.webURL.hasPrefix("http://") {
            wrong.append("a URL is no web address")
        }
        return wrong
    }

    private func isClean(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && !(0x202A...0x202E).contains(scalar.value)
                && !(0x2066...0x2069).contains(scalar.value) && scalar.value != 0xFEFF
                && scalar.value != 0x200B
        }
    }
}
