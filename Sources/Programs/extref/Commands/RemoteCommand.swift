// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command that calls a server: it gets an open session, and its failures are told to people and programs
/// alike.
protocol RemoteCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    /// Does the command's work.
    func run(in session: Session) async throws
}

extension RemoteCommand {
    /// Opens a session, runs the command and closes it again.
    func run() async throws {
        try await Session.withSession(global) { session in try await run(in: session) }
    }
}
