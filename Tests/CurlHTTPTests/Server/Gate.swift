// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Holds server threads until enough have arrived. `@unchecked Sendable`: the condition guards the count.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var missing: Int

    init(places: Int) { missing = places }

    func arrive() {
        condition.lock()
        missing -= 1
        condition.broadcast()
        condition.unlock()
    }

    /// Waits on a thread of its own, because tasks must not block.
    func arriveAndWaitAsync() async {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in
                arriveAndWait()
                continuation.resume()
            }
            thread.start()
        }
    }

    func arriveAndWait() {
        condition.lock()
        missing -= 1
        condition.broadcast()
        let end = Date().addingTimeInterval(20)
        while missing > 0, condition.wait(until: end) {}
        condition.unlock()
    }
}
