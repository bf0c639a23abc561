// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import SQLEngine
import SQLiteEngine
import Testing

/// A directory for one test, with the path of a database in it.
final class Place: Sendable {
    let directory: String
    var database: String { directory + "/test.db" }

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/sqlite-engine-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The size of a file beside the database, 0 when there is none.
    func bytes(_ suffix: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: database + suffix)
        return attributes?[.size] as? Int ?? 0
    }
}

/// A schema of one table, with a parent to refer to.
let notes = SQLMigration(
    version: 1, name: "notes",
    script: """
        CREATE TABLE authors (author_id {INT} NOT NULL PRIMARY KEY) {TABLE};
        CREATE TABLE notes (
            note_id {INT} NOT NULL PRIMARY KEY,
            author_id {INT} REFERENCES authors (author_id),
            body TEXT,
            raw {BLOB},
            weight REAL
        ) {TABLE};
        """)

extension StorageEngine {
    /// Stores a note.
    func insert(_ id: Int64, body: String = "") async throws {
        _ = try await write { scope in try scope.run(Notes.insert, [.integer(id), .text(body)]) }
    }

    /// Reads the ids of all notes.
    func ids() async throws -> [Int64] {
        try await read { scope in
            try scope.all(SQLStatement(composed: "SELECT note_id FROM notes ORDER BY note_id"), []) {
                (row: inout SQLRow) in row.integer()
            }
        }
    }

    /// Reads one number.
    func number(_ text: String) async throws -> Int64? {
        try await read { scope in
            try scope.first(SQLStatement(composed: text), []) { (row: inout SQLRow) in row.integer() }
        }
    }
}

enum Notes {
    static let insert = SQLStatement("INSERT INTO notes (note_id, body) VALUES ($1, $2)")
    static let get = SQLStatement("SELECT body FROM notes WHERE note_id = $1")
}

/// Holds the writer's thread until it is let go, so that writes gather behind it.
struct Roadblock: Sendable {
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    private let gate = Pipe()

    /// Called on the writer's thread, which waits for the byte that opens the gate.
    func hold() {
        arrivals.continuation.yield()
        _ = gate.fileHandleForReading.readData(ofLength: 1)
    }

    func waitUntilReached() async {
        for await _ in arrivals.stream { return }
    }

    func open() { gate.fileHandleForWriting.write(Data([0])) }
}

/// Waits for a failure of the database and answers its code.
func code(of operation: () async throws -> Void) async -> SQLError.Code? {
    do {
        try await operation()
        return nil
    } catch {
        return (error as? SQLError)?.code
    }
}
