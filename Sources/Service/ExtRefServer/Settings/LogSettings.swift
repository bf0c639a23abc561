// SPDX-License-Identifier: Apache-2.0

public import Logging

/// What is logged, and how it looks.
public struct LogSettings: Sendable, Hashable {
    /// How a line looks.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// For people.
        case text
        /// One JSON object a line, for log collectors.
        case json
    }

    /// The least severe level that is logged.
    public var level: Logger.Level
    /// How a line looks; nil = text on a terminal, JSON elsewhere.
    public var format: Format?

    /// Makes log settings.
    public init(level: Logger.Level = .info, format: Format? = nil) {
        self.level = level
        self.format = format
    }
}
