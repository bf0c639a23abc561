// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers

extension TrackerExam {
    /// Whether requests are well formed and secrets stay in headers.
    public func requests() -> [String] {
        var wrong = [String]()
        for request in sampleRequests() {
            let line = request.pathAndQuery
            if !line.hasPrefix("/") { wrong.append("\(line) does not start with a slash") }
            if line.contains("SECRET") { wrong.append("\(request) carries a secret in its address") }
            if line.utf8.contains(where: { !(0x21...0x7E).contains($0) }) {
                wrong.append("\(request) is not encoded")
            }
            if "\(request)".contains("SECRET") { wrong.append("\(request) prints a secret") }
            let values = request.headers.map(\.value)
            if values.contains(where: { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } }) {
                wrong.append("\(request) has a header with a control character")
            }
        }
        return wrong
    }

    /// Whether hostile answers are read into clean values or typed errors.
    /// - Returns: what is wrong, and how many answers were read.
    public func answersReading() -> (wrong: [String], count: Int) {
        var wrong = [String]()
        var count = 0
        for exchange in answers {
            let bodies = HostileAnswers.variations(of: exchange.response.body) + HostileAnswers.bodies
            for body in bodies {
                count += 1
                let response = TrackerResponse(status: 200, headers: exchange.response.headers, body: body)
                for snapshot in snapshots(in: response) { wrong += faults(of: snapshot) }
                for text in probeTexts(in: response) where !isClean(text) || text.contains("SECRET") {
                    wrong.append("a probe repeats what the tracker wrote")
                }
            }
        }
        return (Array(Set(wrong)).sorted(), count)
    }

    private func sampleRequests() -> [TrackerRequest] {
        var requests = [TrackerRequest]()
        let references = keys.map { IssueReference(key: $0) }
        if let tracker = tracker as? any IssueFetching {
            requests += references.compactMap { try? tracker.fetchRequest($0, from: source) }
        }
        if let tracker = tracker as? any BatchFetching,
            let request = try? tracker.batchRequest(references, from: source)
        {
            requests.append(request)
        }
        if let tracker = tracker as? any IssueSearching {
            let words = ["checkout", "ä & ö?#%", "a\"b'c", "\u{1F680}"]
            requests += words.compactMap { try? tracker.searchRequest($0, limit: 5, in: source) }
        }
        if let tracker = tracker as? any ConnectionProbing {
            requests += tracker.probes(of: source).map(\.request)
        }
        return requests
    }

    private func snapshots(in response: TrackerResponse) -> [IssueSnapshot] {
        var snapshots = [IssueSnapshot]()
        if let tracker = tracker as? any IssueFetching,
            let one = try? tracker.readIssue(response, from: source)
        {
            snapshots.append(one)
        }
        if let tracker = tracker as? any BatchFetching {
            snapshots += (try? tracker.readBatch(response, from: source)) ?? []
        }
        if let tracker = tracker as? any IssueSearching {
            snapshots += (try? tracker.readSearch(response, from: source)) ?? []
        }
        return snapshots
    }

    private func probeTexts(in response: TrackerResponse) -> [String] {
        guard let tracker = tracker as? any ConnectionProbing else { return [] }
        return tracker.probes(of: source).compactMap { try? $0.read(response) }.flatMap {
            [$0.identity, $0.advice]
        }
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
