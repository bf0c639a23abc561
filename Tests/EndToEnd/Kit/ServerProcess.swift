// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import Foundation
import RPC
import RPCClient
import Testing

/// The real `extrefd` as a process of its own, called as its admin.
struct ServerProcess {
    let client: TestClient
    /// From the start of the process to the line that says where it listens.
    let startDuration: Duration
    private let process: Process

    /// Starts the program that was built beside the tests and waits until it listens.
    static func start(directory: String, arguments: [String] = []) async throws -> ServerProcess {
        let process = Process()
        process.executableURL = try programURL("extrefd")
        process.arguments = ["--data-dir", directory, "--listen", "127.0.0.1:0", "--log-level", "error"] + arguments
        // The server takes every EXTREF_ variable for a setting of its own; those of the tests are none.
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EXTREF_") }
        let output = Pipe()
        process.standardOutput = output
        let start = ContinuousClock.now
        try process.run()
        let address = try #require(firstLine(of: output).map { $0.replacing("listening on ", with: "") })
        let startDuration = ContinuousClock.now - start
        let endpoint = try #require(Endpoint(address), "\(address)")
        var configuration = ClientConfiguration(endpoint: endpoint)
        configuration.connections = 4
        let token = try String(contentsOfFile: directory + "/admin.token", encoding: .utf8)
        return ServerProcess(
            client: TestClient(
                channel: RPCClient(configuration), token: token.trimmingCharacters(in: .whitespacesAndNewlines)),
            startDuration: startDuration, process: process)
    }

    /// `kill -9`, and waits until the process is gone.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// A program that the same build made.
    static func programURL(_ name: String) throws -> URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var directory = tests.deletingLastPathComponent()
        if let listed = ProcessInfo.processInfo.environment["EXTREF_PROGRAMS"] { directory = URL(fileURLWithPath: listed) }
        let program = directory.appendingPathComponent(name)
        try #require(
            FileManager.default.isExecutableFile(atPath: program.path), "\(program.path) is not built")
        return program
    }

    private static func firstLine(of pipe: Pipe) -> String? {
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let part = pipe.fileHandleForReading.availableData
            guard !part.isEmpty else { return nil }
            line.append(part)
        }
        return String(decoding: line, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
