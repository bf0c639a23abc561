// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import RPC
import RPCClient
import RPCMessages

extension Session {
    /// Opens a session to the server the options name, runs the body, and closes it again.
    ///
    /// A failed call is reported on standard error, for people or for programs, and ends the program with
    /// ``CLIExit/failure``.
    static func withSession(_ options: GlobalOptions, _ body: (Session) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let connection = try Connection(options, environment: environment, files: InputFiles())
        guard let endpoint = Endpoint(connection.address) else {
            throw ValidationError("'\(connection.address)' is no address: HOST:PORT or unix:/path.")
        }
        let client = RPCClient(ClientConfiguration(endpoint: endpoint))
        let session = Session(
            channel: AnyChannel(base: client),
            options: CallOptions(
                timeout: options.timeout.duration, metadata: connection.metadata, retry: .unstarted),
            terminal: .standardOutput(environment: environment, noColor: options.noColor),
            printsJSON: options.json, environment: environment)
        do {
            try await body(session)
            await client.close()
        } catch let error as RPCError {
            await client.close()
            session.report(error, address: connection.address)
            throw ExitCode(CLIExit.failure)
        } catch {
            await client.close()
            throw error
        }
    }

    private func report(_ error: RPCError, address: String) {
        let report = FailureReport(error, address: address)
        let lines = printsJSON ? [report.json.text] : report.lines(for: terminal)
        StandardError.write(lines.joined(separator: "\n"))
    }
}
