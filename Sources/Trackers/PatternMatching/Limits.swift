// SPDX-License-Identifier: Apache-2.0

/// Every bound of pattern matching, by name. Patterns come from tenants, so each match has a fixed budget.
public enum PatternLimits {
    /// Longest pattern.
    public static let patternScalarsMax = 512
    /// Longest compiled pattern; a bracket of counted repeats can grow a short text a thousandfold.
    public static let compiledBytesMax = 256 * 1_024
    /// Deepest nesting of brackets.
    public static let nestingMax = 50
    /// Longest subject.
    public static let subjectBytesMax = 8 * 1_024
    /// Steps of the matcher for one subject (PCRE2's match limit).
    public static let stepsMax: UInt32 = 20_000
    /// Nested backtracking points for one subject (PCRE2's depth limit).
    public static let depthMax: UInt32 = 1_000
    /// Memory for one match, in KiB (PCRE2's heap limit).
    public static let heapKiBMax: UInt32 = 1_024
    /// Compiled patterns kept in one cache.
    public static let cachedPatternsMax = 1_024
}
