// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The executor of each event loop of a group.
struct LoopExecutors: Sendable {
    private let executors: [ObjectIdentifier: LoopExecutor]

    init(_ group: any EventLoopGroup) {
        var executors: [ObjectIdentifier: LoopExecutor] = [:]
        for eventLoop in group.makeIterator() {
            executors[ObjectIdentifier(eventLoop)] = LoopExecutor(eventLoop)
        }
        self.executors = executors
    }

    /// The executor of a loop of the group.
    subscript(eventLoop: any EventLoop) -> LoopExecutor {
        guard let executor = executors[ObjectIdentifier(eventLoop)] else {
            preconditionFailure("the event loop belongs to another group")
        }
        return executor
    }
}
