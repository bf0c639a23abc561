// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Holds server threads until enough have arrived.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let missing: Mutex<Int>

    init(places: Int) { missing = Mutex(places) }

    func arrive() {
        condition.lock()
        missing.withLock { $0 -= 1 }
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
        missing.withLock { $0 -= 1 }
        condition.broadcast()
        let end = Date().addingTimeInterval(20)
        while missing.withLock({ $0 > 0 }), condition.wait(until: end) {}
        condition.unlock()
    }
}
