// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Synchronization

/// Makes ids that grow, whichever thread asks.
final class IdentifierSource: Sendable {
    private let randomness: Randomness
    private let sequence = Mutex(ULID.Sequence())

    init(_ randomness: Randomness) { self.randomness = randomness }

    func next<Kind: IdentifierKind>(at time: Timestamp) -> Identifier<Kind> {
        sequence.withLock { sequence in
            var generator = randomness
            return Identifier(at: time, in: &sequence, using: &generator)
        }
    }
}
