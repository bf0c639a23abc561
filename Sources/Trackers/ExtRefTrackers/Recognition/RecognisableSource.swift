// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import PatternMatching

/// A source made ready to recognise its URLs and keys.
struct RecognisableSource: Sendable {
    /// Why a key was refused.
    enum KeyVerdict {
        case accepted(String)
        case refused(ErrorReason, String)
    }

    let id: SourceID
    let tracker: any Tracker
    let displayName: String
    let base: PastedURL
    /// Where the API answers, when that is another host.
    private let apiBase: PastedURL?
    /// Whether the admin wrote a key pattern; the provider's own may be very wide.
    let hasOwnPattern: Bool
    let hasOwnTemplate: Bool
    private let source: IntegrationSource
    /// Nil where the provider builds addresses from the parts of a key.
    private let matcher: TemplateMatcher?
    private let pattern: Pattern

    /// Makes a source ready.
    /// - Throws: all that is wrong with it; a source that was validated when it was saved has nothing.
    init(_ source: IntegrationSource, tracker: any Tracker, patterns: PatternCache) throws(SourceFaults) {
        var faults = SourceFaults()
        let provider = tracker.description
        let base = faults.catching("base_url") { () throws(PastedURLFault) in try Self.base(source.baseURL) }
        let template =
            source.issueURLTemplate.isEmpty ? provider.issueURLTemplate : source.issueURLTemplate
        let matcher =
            template.isEmpty ? nil : Self.matcher(template, baseURL: source.baseURL, &faults)
        let patternText = source.keyPattern.isEmpty ? provider.keyPattern : source.keyPattern
        let pattern = faults.catching("key_pattern") { () throws(PatternError) in
            try patterns.pattern(patternText)
        }
        faults.violations += tracker.violations(of: source)
        guard faults.violations.isEmpty, let base, let pattern else { throw faults }
        id = source.id
        self.tracker = tracker
        displayName = source.displayName
        self.base = base
        let apiBase = try? PastedURL(tracker.apiBase(of: source))
        self.apiBase = apiBase.flatMap { $0.isAtHost(of: base) ? nil : $0 }
        hasOwnPattern = !source.keyPattern.isEmpty
        hasOwnTemplate = !source.issueURLTemplate.isEmpty
        self.source = source
        self.matcher = matcher
        self.pattern = pattern
    }

    /// How many segments of the URL belong to this source, when it lies there at all.
    func depth(of url: PastedURL) -> Int? {
        if url.isBelow(base) { return base.segments.count }
        // A template or an API may lead elsewhere than the base, and a vendor may have shorter addresses:
        // there only what shows an issue belongs to the source.
        let key = matcher?.key(in: url) ?? keyBelow(apiBase, url) ?? keyWithoutBase(url)
        return key == nil ? nil : 0
    }

    /// Finds the key in a URL that lies in this source: by the provider's grammar, then by the template.
    ///
    /// A template of the admin's own says where keys stand, so what stands there and is none is worth a
    /// complaint. The provider's template says less than its grammar: there `issues/new` is simply no issue.
    func key(in url: PastedURL) -> KeyVerdict? {
        if let key = keyBelow(base, url) { return judge(key) }
        if let key = matcher?.key(in: url), hasOwnTemplate || tracker.canonicalKey(key) == key {
            return judge(key)
        }
        return (keyBelow(apiBase, url) ?? keyWithoutBase(url)).map(judge)
    }

    /// Whether the URL says by itself that it is of this source and no other at the same host.
    func isNamed(by url: PastedURL) -> Bool {
        url.isBelow(base) || matcher?.key(in: url) != nil || keyBelow(apiBase, url) != nil
    }

    /// Judges a key that was typed or found.
    func judge(_ typed: String) -> KeyVerdict {
        let typed = tracker.completedKey(typed, project: source.defaultExternalProject)
        guard typed.unicodeScalars.count <= DomainLimits.keyScalarsMax, let key = tracker.canonicalKey(typed)
        else {
            let example = tracker.description.keyExample
            return .refused(.keyInvalid, "This is no key of \(displayName). A key looks like \(example).")
        }
        switch pattern.match(key) {
        case .matched: return .accepted(key)
        case .notMatched:
            return .refused(
                .keyPatternMismatch, "The key does not fit the key pattern of \(displayName): \(pattern.text)"
            )
        case .stepsExceeded:
            return .refused(
                .keyPatternMismatch,
                "The key pattern of \(displayName) is too slow to be checked; simplify it.")
        }
    }

    /// The issue of an accepted key.
    func issue(_ key: String, confidence: Double) -> RecognisedIssue {
        RecognisedIssue(
            sourceID: id, providerID: tracker.description.id, key: key, displayKey: tracker.displayKey(key),
            canonicalURL: tracker.issueURL(of: key, in: source), confidence: confidence)
    }

    private func keyBelow(_ base: PastedURL?, _ url: PastedURL) -> String? {
        guard let base, url.isBelow(base) else { return nil }
        return tracker.key(at: Self.location(of: url, behind: base.segments.count))
    }

    private func keyWithoutBase(_ url: PastedURL) -> String? {
        guard url.isAtHost(of: base), !url.isBelow(base) else { return nil }
        return tracker.keyWithoutBase(at: Self.location(of: url, behind: 0))
    }

    private static func location(of url: PastedURL, behind count: Int) -> IssueLocation {
        let rest = url.segments.dropFirst(count).filter { !$0.isEmpty }
        return IssueLocation(segments: rest, query: url.query, fragment: url.fragment)
    }

    private static func base(_ text: String) throws(PastedURLFault) -> PastedURL {
        let url = try PastedURL(text)
        guard url.isAbsolute else { throw PastedURLFault(reason: "it must start with https:// or http://") }
        guard !text.contains("?"), !text.contains("#") else {
            throw PastedURLFault(reason: "it must not hold a query or fragment")
        }
        guard !text.hasSuffix("/") else { throw PastedURLFault(reason: "it must not end with a slash") }
        return url
    }

    private static func matcher(
        _ text: String, baseURL: String, _ faults: inout SourceFaults
    ) -> TemplateMatcher? {
        let template = faults.catching("issue_url_template") { () throws(TemplateFault) in
            try URLTemplate(text, requiresKey: true)
        }
        guard let template else { return nil }
        return faults.catching("issue_url_template") { () throws(PastedURLFault) in
            try TemplateMatcher(template, baseURL: baseURL)
        }
    }
}

/// All that is wrong with a source's settings.
struct SourceFaults: Error {
    var violations: [FieldViolation] = []

    /// Notes a failure under a field and goes on.
    mutating func catching<Value, Fault: Error>(_ field: String, _ body: () throws(Fault) -> Value) -> Value?
    {
        do throws(Fault) {
            return try body()
        } catch {
            violations.append(FieldViolation(field, Self.sentence(for: error)))
            return nil
        }
    }

    private static func sentence(for error: any Error) -> String {
        switch error {
        case let fault as PastedURLFault: "is no usable address: \(fault.reason)"
        case let fault as TemplateFault: fault.description
        case let fault as PatternError: fault.message
        default: "is invalid"
        }
    }
}
