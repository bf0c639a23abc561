// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps all that a server logs, down to the finest level, to prove what is not in it.
final class LogRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    /// Everything, as one text.
    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// A logger that writes here.
    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            recorder.lines.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}
