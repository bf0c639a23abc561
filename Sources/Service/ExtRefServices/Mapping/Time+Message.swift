// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import RPCMessages

extension GoogleTimestamp {
    /// Writes a point in time; milliseconds are kept.
    init(_ time: Timestamp) {
        self.init(seconds: time.seconds, nanos: Int32((time.milliseconds - time.seconds * 1_000) * 1_000_000))
    }
}

extension Timestamp {
    /// Reads a point in time; what is finer than a millisecond is cut.
    init(_ message: GoogleTimestamp, field: String) throws(DomainError) {
        guard message.isValid else {
            throw .invalid(field, "must be a point in time between the years 1 and 9999")
        }
        self.init(milliseconds: message.seconds * 1_000 + Int64(message.nanos) / 1_000_000)
    }
}
