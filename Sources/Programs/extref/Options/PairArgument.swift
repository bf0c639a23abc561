// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A name and a value: `login=bot`. The value may be empty and may hold further equals signs.
struct PairArgument: ExpressibleByArgument, Sendable, Hashable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}

/// A length of time: `90s`, `15m`, `12h`, `30d`.
struct DurationArgument: ExpressibleByArgument, Sendable, Hashable {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.duration = duration
    }

    init(_ duration: Duration) { self.duration = duration }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
