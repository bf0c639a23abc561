// SPDX-License-Identifier: Apache-2.0

/// Where chance comes from: the jitter of pauses, the tails of ids. Passed in wherever it matters, so that a
/// simulation can be repeated. Secrets never come from here.
public struct Randomness: RandomNumberGenerator, Sendable {
    /// The machine's own.
    public static let system = Randomness {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    private let draw: @Sendable () -> UInt64

    /// Takes numbers from wherever.
    /// - Parameter draw: may be called on several threads at once.
    public init(_ draw: @escaping @Sendable () -> UInt64) {
        self.draw = draw
    }

    public mutating func next() -> UInt64 { draw() }
}
