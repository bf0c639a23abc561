// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers
public import Logging

extension LogSettings {
    /// Makes the server's logger, on standard error.
    /// - Parameter isTerminal: whether a person watches it.
    public func makeLogger(isTerminal: Bool) -> Logger {
        let label = "extrefd"
        switch format ?? (isTerminal ? .text : .json) {
        case .json:
            return Logger(label: label) {
                JSONLogHandler(label: $0, level: level, clock: TrackerRunner.systemTime)
            }
        case .text:
            var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            return logger
        }
    }
}
