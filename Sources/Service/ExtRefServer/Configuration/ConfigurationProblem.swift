// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with the configuration, and where.
public struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file and line, the environment variable or the flag; empty when a setting is missing altogether.
    public let place: String
    /// What is wrong and what would be right.
    public let message: String

    /// Makes a problem.
    public init(_ place: String, _ message: String) {
        self.place = place
        self.message = message
    }

    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

/// Everything that is wrong with the configuration, at once.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// At least one problem, in the order file, environment, flags, values.
    public let problems: [ConfigurationProblem]

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
