// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps compiled patterns, the faulty ones too, so that a snapshot of sources is rebuilt without compiling.
public final class PatternCache: Sendable {
    private typealias Entry = Result<Pattern, PatternError>

    private let entries = Mutex<[String: Entry]>([:])

    /// Makes an empty cache.
    public init() {}

    /// The pattern of a text, compiled at most once while it stays in the cache.
    public func pattern(_ text: String) throws(PatternError) -> Pattern {
        if let known = entries.withLock({ $0[text] }) { return try known.get() }
        let entry = Self.compile(text)
        entries.withLock { entries in
            // Starting over is cheap and rare: it takes more distinct patterns than an installation has
            // sources.
            if entries.count >= PatternLimits.cachedPatternsMax { entries.removeAll(keepingCapacity: true) }
            entries[text] = entry
        }
        return try entry.get()
    }

    private static func compile(_ text: String) -> Entry {
        do throws(PatternError) { return .success(try Pattern(text)) } catch { return .failure(error) }
    }
}
