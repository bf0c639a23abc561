// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import RPC
import RPCClient
import Subprocess
import SystemPackage
import Testing

/// The real `extrefd` as a process of its own, called as its admin.
struct ServerProcess: Sendable {
    let client: TestClient
    /// From the start of the process to the line that says where it listens.
    let startDuration: Duration
    /// Where it takes webhooks, as `HOST:PORT`; empty when it takes none.
    let httpAddress: String
    private let signal: @Sendable (Signal) throws -> Void

    /// The program ended before it listened; this is what it said.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the program around the body, which must end it; answers what the body did and how the program
    /// ended.
    static func with<Value: Sendable>(
        directory: String, arguments: [String] = [], _ body: (ServerProcess) async throws -> Value
    ) async throws -> (value: Value, status: TerminationStatus) {
        let start = ContinuousClock.now
        // Its standard error is a pipe of ours: inherited, it would keep the test runner waiting for a
        // program that outlived a crashed test.
        let result = try await run(
            Programs.executable("extrefd"),
            arguments: Arguments(
                ["--data-dir", directory, "--listen", "127.0.0.1:0", "--log-level", "error"] + arguments),
            environment: Programs.environment(), input: .none, output: .sequence,
            error: .string(limit: Programs.outputBytesMax)
        ) { execution -> Value? in
            do {
                var lines = execution.standardOutput.strings().makeAsyncIterator()
                guard let first = try await lines.next() else { return nil }
                let takesWebhooks = arguments.contains("--http-listen")
                let second = takesWebhooks ? try await lines.next() ?? "" : ""
                let server = try ServerProcess(
                    listening: first, webhooks: second, directory: directory, startDuration: .now - start,
                    signal: { try execution.send(signal: $0) })
                return try await body(server)
            } catch {
                try? execution.send(signal: .kill)
                throw error
            }
        }
        guard let value = result.closureResult else { throw NotStarted(description: result.standardError) }
        return (value, result.terminationStatus)
    }

    private init(
        listening line: String, webhooks: String, directory: String, startDuration: Duration,
        signal: @escaping @Sendable (Signal) throws -> Void
    ) throws {
        let address = line.replacing("listening on ", with: "").filter { !$0.isWhitespace }
        httpAddress = webhooks.replacing("taking webhooks on ", with: "").filter { !$0.isWhitespace }
        var configuration = ClientConfiguration(endpoint: try #require(Endpoint(address), "\(line)"))
        configuration.connections = 4
        let token = try String(contentsOfFile: directory + "/admin.token", encoding: .utf8)
        client = TestClient(channel: RPCClient(configuration), token: token.filter { !$0.isWhitespace })
        self.startDuration = startDuration
        self.signal = signal
    }

    /// `kill -9`: the process gets no chance to tidy up.
    func kill() throws { try signal(.kill) }

    /// Asks the process to end, as an orchestrator does.
    func terminate() throws { try signal(.terminate) }
}

/// The programs that the same build made.
enum Programs {
    /// Longest output of a program that is kept, in bytes.
    static let outputBytesMax = 1 << 20

    /// What a program said and how it ended.
    struct Run: Sendable {
        let status: TerminationStatus
        let output: String
        let errors: String
    }

    static func executable(_ name: String) throws -> Executable {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let program = tests.deletingLastPathComponent().path + "/" + name
        try #require(FileManager.default.isExecutableFile(atPath: program), "\(program) is not built")
        return .path(FilePath(program))
    }

    /// The tests' own environment without their `EXTREF_` variables, which a program would take for its
    /// settings.
    static func environment(_ more: [String: String] = [:]) -> Environment {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EXTREF_") }
        let all = inherited.merging(more) { _, new in new }
        return .custom(
            Dictionary(
                uniqueKeysWithValues: all.compactMap { name, value in
                    Environment.Key(rawValue: name).map { ($0, value) }
                }))
    }

    /// Runs a program to its end.
    static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Run {
        let result = try await Subprocess.run(
            executable(name), arguments: Arguments(arguments), environment: Programs.environment(environment),
            output: .string(limit: outputBytesMax), error: .string(limit: outputBytesMax))
        return Run(
            status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
    }
}
