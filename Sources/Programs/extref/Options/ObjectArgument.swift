// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// A test object as people type it: `case:TC-1`.
struct ObjectArgument: ExpressibleByArgument, Sendable, Hashable {
    let reference: ObjectRef

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        reference = ObjectRef(kind: String(parts[0]), id: String(parts[1]))
    }
}

extension ObjectRef {
    /// The spelling that ``ObjectArgument`` reads.
    var text: String { "\(kind):\(id)" }
}
