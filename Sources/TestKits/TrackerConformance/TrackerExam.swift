// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefTrackers
import PatternMatching

/// The exam that every adapter has to pass: laws that hold whichever tracker it is for.
///
/// Each question returns what it found wrong, so that a test needs one line: `#expect(exam.recognition() ==
/// [])`.
public struct TrackerExam: Sendable {
    let tracker: any Tracker
    let source: TrackerSource
    let keys: [String]
    let answers: [RecordedExchange]

    /// Sets the exam up.
    /// - Parameters:
    ///   - tracker: the adapter.
    ///   - source: a source of it, with a credential whose every secret holds the word `SECRET`.
    ///   - keys: canonical keys of it; at least one.
    ///   - answers: good answers it was recorded to give, of every operation.
    public init(
        _ tracker: any Tracker, source: TrackerSource, keys: [String], answers: [RecordedExchange] = []
    ) {
        self.tracker = tracker
        self.source = source
        self.keys = keys
        self.answers = answers
    }

    /// Whether what it says of itself is true.
    public func description() -> [String] {
        let provider = tracker.description
        var wrong = [String]()
        let abilities: [(Capability, Bool)] = [
            (.fetch, tracker is any IssueFetching), (.batchFetch, tracker is any BatchFetching),
            (.search, tracker is any IssueSearching), (.create, tracker is any IssueCreating),
            (.backLink, (tracker as? any BackLinking)?.backLinkForm == .linkObject),
            (.comment, (tracker as? any BackLinking)?.backLinkForm == .comment),
            (.webhook, tracker is any WebhookReading), (.changesSince, tracker is any ChangesReading),
        ]
        for (capability, isImplemented) in abilities
        where provider.capabilities.contains(capability) != isImplemented {
            wrong.append("\(capability.rawValue) is claimed or implemented, but not both")
        }
        if let example = tracker.canonicalKey(provider.keyExample) {
            wrong += accepts(example) ? [] : ["the key example does not fit the key pattern"]
        } else {
            wrong.append("the key example is no key")
        }
        if provider.authenticationMethods.isEmpty { wrong.append("there is no authentication method") }
        var draft = source.source
        draft.baseURL = provider.baseURLExample
        draft.allowedExternalProjects = []
        wrong += SourceValidator(registry: TrackerRegistry([tracker]), patterns: PatternCache())
            .violations(of: draft).map { "its own example is refused: \($0.field) \($0.description)" }
        return wrong
    }

    /// Whether keys and addresses come down to one form, and neighbours are not claimed.
    public func recognition() -> [String] {
        keys.flatMap(recognition)
    }

    private func recognition(of key: String) -> [String] {
        var wrong = [String]()
        func check(_ isTrue: Bool, _ law: String) { if !isTrue { wrong.append("\(key): \(law)") } }
        check(tracker.canonicalKey(key) == key, "a canonical key stays as it is")
        check(tracker.canonicalKey(tracker.displayKey(key)) == key, "the displayed key leads back to the key")
        check((0...1).contains(tracker.confidence(inFreeText: key)), "confidence is from 0 to 1")
        guard case .matched(let issue) = recogniser.resolveKey(key, in: source.source.id) else {
            return wrong + ["\(key): is not accepted as a key"]
        }
        check(issue.key == key, "resolving a key gives the key")
        for spelling in spellings(of: issue.canonicalURL) {
            check(recogniser.recognise(spelling) == .matched(issue), "\(spelling) is this issue")
        }
        for neighbour in neighbours(of: issue.canonicalURL) {
            if case .matched(let other) = recogniser.recognise(neighbour) {
                check(other.key != key, "\(neighbour) is another place")
            }
        }
        return wrong
    }

    private var recogniser: URLRecogniser {
        URLRecogniser([source.source], registry: TrackerRegistry([tracker]), patterns: PatternCache())
    }

    private func accepts(_ key: String) -> Bool {
        (try? Pattern(tracker.description.keyPattern).match(key).isMatch) ?? false
    }

    /// One address in the ways people paste it.
    private func spellings(of url: String) -> [String] {
        let host = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2].prefix {
            $0 != "/"
        }
        let shouted = url.replacing(host, with: host.uppercased(), maxReplacements: 1)
        let tracked = url + (url.contains("?") ? "&" : "?") + "utm_source=mail"
        let framed = [" \(url)\n", "<\(url)>", "(\(url)).", "\"\(url)\","]
        // Behind a fragment there is no query any more.
        return [url, shouted] + framed + (url.contains("#") ? [] : [tracked])
    }

    /// Addresses that look alike and lie elsewhere.
    private func neighbours(of url: String) -> [String] {
        let base = source.source.baseURL
        return [
            url.replacing(base, with: base + "-two"), url.replacing(base, with: base + ".evil.example"),
            url.replacing("://", with: "://evil.example/"), url.replacing(base, with: base + ":8443"),
        ]
    }
}
