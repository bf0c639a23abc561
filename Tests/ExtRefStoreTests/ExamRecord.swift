// SPDX-License-Identifier: Apache-2.0

import SQLiteEngine
import StoreConformance
import Synchronization

/// Every statement of the store that the exam made connections prepare.
enum ExamRecord {
    static func statements() async throws -> [String] {
        let record = Recorder()
        var configuration = SQLiteConfiguration()
        configuration.statementPrepared = { record.add($0) }
        for question in ExamCase.all {
            try await question.run { [configuration] in try SQLiteEngine.temporary(configuration) }
        }
        return record.sorted
    }

    private final class Recorder: Sendable {
        private let texts = Mutex<Set<String>>([])
        var sorted: [String] { texts.withLock { $0.sorted() } }
        func add(_ text: String) {
            guard !text.hasPrefix(ExamCase.behindTheStore) else { return }
            texts.withLock { _ = $0.insert(text) }
        }
    }
}
