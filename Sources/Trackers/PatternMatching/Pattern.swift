// SPDX-License-Identifier: Apache-2.0

internal import CPCRE2

/// A tenant's pattern, compiled: matches a whole subject or nothing, in a fixed number of steps.
///
/// Perl syntax over Unicode, by PCRE2. Both ends are anchored whatever the pattern says. What could run code,
/// read beyond the subject or slow down without end is off: callouts, `\C`, recursion through unlimited
/// depth, and overriding the limits or the encoding from inside the pattern.
public struct Pattern: Sendable, Hashable {
    /// The pattern as it was written.
    public let text: String
    private let code: CompiledPattern

    /// Compiles a pattern.
    /// - Throws: ``PatternError`` with a sentence and a position.
    public init(_ text: String) throws(PatternError) {
        guard !text.isEmpty else { throw PatternError("is empty") }
        guard text.unicodeScalars.count <= PatternLimits.patternScalarsMax else {
            throw PatternError("is longer than \(PatternLimits.patternScalarsMax) characters")
        }
        // "(*" starts settings such as LIMIT_MATCH= and NO_UTF, and verbs that steer backtracking.
        if let verb = text.firstRange(of: "(*") {
            let offset = text.unicodeScalars.distance(from: text.startIndex, to: verb.lowerBound)
            throw PatternError("may not use (*…) at character \(offset + 1)", at: offset)
        }
        code = try CompiledPattern(text)
        self.text = text
    }

    /// Tells whether the whole subject fits.
    public func match(_ subject: String) -> PatternOutcome {
        code.match(subject)
    }

    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
