// SPDX-License-Identifier: Apache-2.0

import SQLiteEngine
import StoreConformance
import Testing

@Suite struct StoreConformanceTests {
    @Test(arguments: ExamCase.all)
    func sqlitePasses(_ question: ExamCase) async throws {
        try await question.run { try SQLiteEngine.temporary() }
    }
}
