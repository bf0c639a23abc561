// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bytes that tests need from other programs.
enum Fixtures {
    struct Failure: Error {}

    /// So many zeros, compressed.
    static func gzip(zeros: Int) async throws -> [UInt8] {
        try await run(
            "python3", "-c", "import gzip,sys; sys.stdout.buffer.write(gzip.compress(b'\\0' * \(zeros), 9))")
    }

    /// Runs a program to its end, on a thread of its own: waiting for a process needs a run loop.
    @discardableResult
    static func run(_ command: String...) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try runBlocking(command) }) }
            thread.start()
        }
    }

    private static func runBlocking(_ command: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
        return Array(bytes)
    }
}
