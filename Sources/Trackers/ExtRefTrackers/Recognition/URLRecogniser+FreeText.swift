// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension URLRecogniser {
    /// A word of a text and where it stands.
    private struct Word {
        let text: String
        let range: Range<Int>
    }

    /// Finds issues named in a free text, such as a failure message: addresses, and words that look like
    /// keys.
    ///
    /// In order of appearance, at most ``DomainLimits/extractCandidatesMax``; every work is bounded, whatever
    /// the text is. A word that several sources claim yields one candidate for each, less sure the more there
    /// are.
    public func extractReferences(_ text: String) -> [ReferenceCandidate] {
        var found = [ReferenceCandidate]()
        var questions = 0
        for word in Self.words(of: text) {
            guard found.count < DomainLimits.extractCandidatesMax else { break }
            for issue in issues(in: word.text, questions: &questions) {
                found.append(ReferenceCandidate(issue: issue, range: word.range))
            }
        }
        return Array(found.prefix(DomainLimits.extractCandidatesMax))
    }

    private func issues(in word: String, questions: inout Int) -> [RecognisedIssue] {
        if word.contains("://") || word.contains("/") && isKnownAddress(word) {
            return switch recognise(word) {
            case .matched(let issue): [issue]
            case .ambiguous(let issues): issues
            default: []
            }
        }
        var claims = [RecognisedIssue]()
        for source in sources {
            guard questions < TrackerLimits.extractPatternMatchesMax else { break }
            let confidence = confidence(of: word, in: source)
            guard confidence > 0 else { continue }
            questions += 1
            if case .accepted(let key) = source.judge(word) {
                claims.append(source.issue(key, confidence: confidence))
            }
        }
        return claims.map { claim in
            sources.first { $0.id == claim.sourceID }?
                .issue(claim.key, confidence: claim.confidence / Double(claims.count)) ?? claim
        }
    }

    private func isKnownAddress(_ word: String) -> Bool {
        guard let url = try? PastedURL(word) else { return false }
        return sources.contains { $0.depth(of: url) != nil }
    }

    /// An admin's own key pattern makes words with a letter and a digit worth asking about.
    private func confidence(of word: String, in source: RecognisableSource) -> Double {
        let own = source.tracker.confidence(inFreeText: word)
        guard own == 0, source.hasOwnPattern, word.contains(where: \.isNumber),
            word.contains(where: \.isLetter)
        else {
            return own
        }
        return 0.7
    }

    /// Splits at blanks and brackets, and cuts punctuation off both ends.
    private static func words(of text: String) -> [Word] {
        var words = [Word]()
        var current = String.UnicodeScalarView()
        var position = 0
        for scalar in text.unicodeScalars {
            guard position < DomainLimits.extractTextScalarsMax, words.count < TrackerLimits.extractWordsMax
            else { break }
            if isSeparator(scalar) {
                append(current, endingAt: position, to: &words)
                current = String.UnicodeScalarView()
            } else {
                current.append(scalar)
            }
            position += 1
        }
        append(current, endingAt: position, to: &words)
        return words
    }

    private static func append(_ scalars: String.UnicodeScalarView, endingAt end: Int, to words: inout [Word])
    {
        guard !scalars.isEmpty, scalars.count <= DomainLimits.urlBytesMax else { return }
        let cutAhead = scalars.prefix { punctuationAhead.contains($0) }.count
        let rest = scalars.dropFirst(cutAhead)
        let cutBehind = rest.reversed().prefix { punctuationBehind.contains($0) }.count
        guard rest.count > cutBehind else { return }
        let start = end - scalars.count + cutAhead
        words.append(Word(text: String(rest.dropLast(cutBehind)), range: start..<(end - cutBehind)))
    }

    private static let punctuationAhead = Set("\"'`*_~".unicodeScalars)
    private static let punctuationBehind = Set(".,;:!?\"'`*_~".unicodeScalars)

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "(", ")", "[", "]", "{", "}", "|", ",": true
        default: scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        }
    }
}
