// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

/// `extref health`: whether a server serves.
struct HealthCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask whether the server, or one of its services, serves.",
        discussion: "Needs no token. Exit code 0 while it serves, 1 otherwise.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "A service, such as extref.v1.LinkService. None = the whole server.")
    var service: String = ""

    func run(in session: Session) async throws {
        let response = try await session.health.check(
            HealthCheckRequest(service: service), options: session.options)
        let serves = response.status == .serving
        let cell = Table.Cell(serves ? "serving" : "not serving", serves ? .good : .bad)
        session.show(response, [cell.style.paint(cell.text, on: session.terminal)])
        if !serves { throw ExitCode(CLIExit.failure) }
    }
}
