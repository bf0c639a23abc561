// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import ProtobufC
import RPC
import RPCMessages
import SystemPackage

/// One run against one server: typed clients, the options of each call, and where answers go.
struct Session: Sendable {
    let admin: AdminServiceClient<AnyChannel>
    let links: LinkServiceClient<AnyChannel>
    let health: HealthClient<AnyChannel>
    /// Deadline and token of every call.
    let options: CallOptions
    let terminal: Terminal
    let files = InputFiles()
    let printsJSON: Bool
    private let environment: [String: String]

    init(
        channel: AnyChannel, options: CallOptions, terminal: Terminal, printsJSON: Bool,
        environment: [String: String] = [:]
    ) {
        admin = AdminServiceClient(channel: channel)
        links = LinkServiceClient(channel: channel)
        health = HealthClient(channel: channel)
        self.options = options
        self.terminal = terminal
        self.printsJSON = printsJSON
        self.environment = environment
    }

    /// Reads the values of secret options from where they are.
    func secrets(_ arguments: [SecretArgument]) throws -> [String: String] {
        try SecretReader(
            file: { try files.text(at: $0, bytesMax: CLILimits.secretFileBytesMax) },
            standardInput: { try files.text(at: "-", bytesMax: CLILimits.secretFileBytesMax) },
            environment: environment, warn: { StandardError.write("warning: " + $0) }
        ).values(of: arguments)
    }
}

// MARK: Answers

extension Session {
    /// Shows an answer: as JSON to programs, as lines to people.
    func show(_ message: any ProtobufMessage, _ lines: @autoclosure () -> [String]) {
        write(printsJSON ? ProtoJSON.node(message).text : lines().joined(separator: "\n"))
    }

    /// Shows an answer whose human form is a sheet.
    func show(_ message: any ProtobufMessage, _ sheet: Sheet) {
        show(message, sheet.lines(for: terminal))
    }

    /// Shows an answer whose human form is a table; `empty` stands for a table without rows.
    func show(_ message: any ProtobufMessage, table: Table, empty: String) {
        show(message, table.isEmpty ? [TextWidth.printable(empty)] : table.lines(for: terminal))
        let missing = printsJSON ? [] : table.leftOut(on: terminal)
        if !missing.isEmpty { note("The terminal is too narrow for \(missing.joined(separator: ", ")).") }
    }

    /// Writes a line to standard output.
    func write(_ line: String) {
        print(line)
    }

    /// Writes a line that somebody waits for: it must not stay in a buffer.
    func writeAtOnce(_ line: String) throws {
        _ = try FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
    }

    /// Lets time pass between two calls.
    func pause(_ duration: Duration) async throws {
        try await ContinuousClock().sleep(for: duration)
    }

    /// Tells people something beside the answer, on standard error.
    func note(_ text: String) {
        StandardError.write(TextWidth.printable(text))
    }

    /// Tells people how to go on when a list has more; programs find the token in the answer.
    func noteNextPage(_ token: String) {
        guard !token.isEmpty, !printsJSON else { return }
        note("There is more: --page-token \(token)")
    }
}

/// Lines for people, beside the answer.
enum StandardError {
    static func write(_ line: String) {
        // Nobody is left to be told when standard error itself fails.
        _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
    }
}
