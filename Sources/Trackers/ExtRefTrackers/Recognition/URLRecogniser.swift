// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import PatternMatching

/// Tells which issue of which source a pasted text means. An immutable snapshot; make a new one when a source
/// changes.
///
/// Path segments are compared whole, so `/org/repo` never claims `/org/repo-two`; of several sources the one
/// with the longest base wins, and what stays undecided is reported as such, never guessed.
public struct URLRecogniser: Sendable {
    let sources: [RecognisableSource]
    private let indexByID: [SourceID: Int]

    /// Takes the sources that may be recognised, normally the enabled ones usable in one project. A source
    /// whose stored settings are broken recognises nothing.
    public init(
        _ sources: [IntegrationSource], registry: TrackerRegistry = .standard, patterns: PatternCache
    ) {
        var ready = [RecognisableSource]()
        for source in sources {
            guard let tracker = registry[source.providerID],
                let usable = try? RecognisableSource(source, tracker: tracker, patterns: patterns)
            else { continue }
            ready.append(usable)
        }
        self.sources = ready
        indexByID = Dictionary(ready.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// Reads a URL or a bare key.
    /// - Parameter sourceID: considers this source only.
    public func recognise(_ pasted: String, only sourceID: SourceID? = nil) -> Recognition {
        let candidates = sourceID.map { id in sources.filter { $0.id == id } } ?? sources
        let text = PastedURL.trimmed(pasted)
        guard !text.isEmpty else { return .invalid(reason: "There is nothing to recognise.") }
        guard text.utf8.count <= DomainLimits.urlBytesMax else {
            return .invalid(reason: "It is longer than \(DomainLimits.urlBytesMax) bytes.")
        }
        if text.contains("://") || PastedURL.hasForeignScheme(text) {
            return recogniseURL(text, in: candidates)
        }
        if let url = try? PastedURL(text), candidates.contains(where: { $0.depth(of: url) != nil }) {
            return recogniseURL(text, in: candidates)
        }
        let byKey = recogniseKey(text, in: candidates, isSingle: sourceID != nil)
        if let byKey { return byKey }
        return Self.looksLikeHost(text)
            ? recogniseURL("https://" + text, in: candidates)
            : .invalid(reason: "It is neither a web address nor a key of a source here.")
    }

    /// Reads a key of one source.
    public func resolveKey(_ key: String, in sourceID: SourceID) -> Recognition {
        guard let index = indexByID[sourceID] else {
            return .invalid(reason: "The source is not enabled here.")
        }
        let source = sources[index]
        return switch source.judge(key.trimmingBlanks()) {
        case .accepted(let key): .matched(source.issue(key, confidence: 1))
        case .refused(let reason, let sentence): .keyRefused(sourceID, reason, reason: sentence)
        }
    }
}

// MARK: - URLs

extension URLRecogniser {
    /// How sure an address is that tells the host and the key, but not the source at that host.
    private static let hostAloneConfidence = 0.6

    private func recogniseURL(_ text: String, in candidates: [RecognisableSource]) -> Recognition {
        let url: PastedURL
        do throws(PastedURLFault) {
            url = try PastedURL(text)
        } catch {
            return .invalid(reason: "This is no usable address: \(error.reason).")
        }
        let known = candidates.compactMap { source in
            source.depth(of: url).map { (source: source, depth: $0) }
        }
        .sorted { $0.depth > $1.depth }
        guard let nearest = known.first else { return unknown(text, url) }
        var refusal: Recognition?
        var found = [(source: RecognisableSource, issue: RecognisedIssue, depth: Int)]()
        for (source, depth) in known where found.isEmpty || found[0].depth == depth {
            switch source.key(in: url) {
            case .accepted(let key):
                let confidence = source.isNamed(by: url) ? 1 : Self.hostAloneConfidence
                found.append((source, source.issue(key, confidence: confidence), depth))
            case .refused(let reason, let sentence):
                refusal = refusal ?? .keyRefused(source.id, reason, reason: sentence)
            case nil: break
            }
        }
        guard !found.isEmpty else {
            return refusal
                ?? .knownSourceNotAnIssue(
                    nearest.source.id,
                    reason: "The address belongs to \(nearest.source.displayName) but shows no issue.")
        }
        let sameScheme = found.filter { url.scheme == nil || $0.source.base.scheme == url.scheme }
        return Self.decided((sameScheme.isEmpty ? found : sameScheme).map(\.issue))
    }

    private func unknown(_ text: String, _ url: PastedURL) -> Recognition {
        do throws(TemplateFault) {
            return .unknownSource(
                try WebURL(text.contains("://") ? text : "https://" + text),
                explanation: RetiredTrackers.explanation(of: url))
        } catch {
            return .invalid(reason: "The address \(error.description).")
        }
    }

    static func decided(_ issues: [RecognisedIssue]) -> Recognition {
        issues.count == 1
            ? .matched(issues[0])
            : .ambiguous(Array(issues.prefix(TrackerLimits.ambiguousCandidatesMax)))
    }

    /// Whether a text without scheme was probably meant as an address: `host.example/path` or `host.example`.
    private static func looksLikeHost(_ text: String) -> Bool {
        let host = text.prefix { !"/?#:".contains($0) }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let last = labels.last else {
            return false
        }
        return last.count >= 2 && last.allSatisfy(\.isLetter)
    }
}

// MARK: - Bare keys

extension URLRecogniser {
    /// How sure a bare key is: the admin's own pattern says more than a provider's general one.
    private static let ownPatternConfidence = 0.9
    private static let providerPatternConfidence = 0.6
    private static let anyWordConfidence = 0.2

    /// Nil when no source takes it for a key.
    private func recogniseKey(
        _ text: String, in candidates: [RecognisableSource], isSingle: Bool
    ) -> Recognition? {
        var found = [RecognisedIssue]()
        for source in candidates {
            switch source.judge(text) {
            case .accepted(let key):
                found.append(source.issue(key, confidence: isSingle ? 1 : Self.confidence(text, in: source)))
            case .refused(let reason, let sentence):
                if isSingle { return .keyRefused(source.id, reason, reason: sentence) }
            }
        }
        // A provider that takes any word is asked last: it must not make a clear key unclear.
        let clear = found.filter { $0.confidence > Self.anyWordConfidence }
        let kept =
            (clear.isEmpty ? found.filter { _ in text.contains(where: \.isNumber) || isSingle } : clear)
            .sorted { $0.confidence > $1.confidence }
        return kept.isEmpty ? nil : Self.decided(kept)
    }

    private static func confidence(_ text: String, in source: RecognisableSource) -> Double {
        if source.hasOwnPattern { return ownPatternConfidence }
        return source.tracker.description.id == .custom ? anyWordConfidence : providerPatternConfidence
    }
}
