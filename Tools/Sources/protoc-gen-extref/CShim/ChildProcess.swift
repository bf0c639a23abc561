// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs a program found on PATH with bytes for its standard input.
enum ChildProcess {
    /// Answers what the program wrote to standard output.
    ///
    /// - Throws: `GeneratorFault` when the program is not installed or fails.
    static func run(_ program: String, input: Data) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program]
        let toChild = Pipe()
        let fromChild = Pipe()
        process.standardInput = toChild
        process.standardOutput = fromChild
        try process.run()
        // protoc plugins read all of their input before they write, so that the pipes cannot fill crosswise.
        toChild.fileHandleForWriting.write(input)
        try toChild.fileHandleForWriting.close()
        let output = fromChild.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw GeneratorFault(
                "\(program) ended with status \(process.terminationStatus); is it installed?")
        }
        return output
    }
}
