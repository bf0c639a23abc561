// SPDX-License-Identifier: Apache-2.0

internal import ExtRefStore
public import SQLEngine
public import Testing

/// One question of the exam that every storage engine must pass.
public struct ExamCase: Sendable, CustomTestStringConvertible {
    /// What it asks, as a sentence.
    public let name: String
    private let question: @Sendable (ExamRoom) async throws -> Void

    init(_ name: String, _ question: @escaping @Sendable (ExamRoom) async throws -> Void) {
        self.name = name
        self.question = question
    }

    public var testDescription: String { name }

    /// Asks the question of a fresh engine.
    /// - Parameter makeEngine: makes an empty one.
    public func run(_ makeEngine: () throws -> any StorageEngine) async throws {
        let room = try ExamRoom(engine: try makeEngine())
        try await question(room)
        try room.store.close()
    }

    /// Starts a statement that the exam runs past the store, so that tests of the store's own statements can
    /// tell.
    public static let behindTheStore = "/* exam */ "

    /// The whole exam.
    public static let all: [ExamCase] =
        tenants + sources + relations + overlays + issues + links + linkQuestions + transfers + changes
        + audit
        + requestIDs + isolation + transactions + backLinks + issueCreations + fingerprints + jobs + sync
        + knowledge
}
