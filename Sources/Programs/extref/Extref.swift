// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line client.
@main
struct Extref: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extref", abstract: "Link test objects to issues of external trackers.",
        discussion: """
            Calls an extrefd server. Where and as whom: --address and --token-file, or EXTREF_ADDRESS and \
            EXTREF_TOKEN_FILE, or --data-dir on the server's own machine.

            Exit codes: 0 done, 1 the call failed, 64 the command line is wrong.
            """,
        version: "0.1.0",
        subcommands: [
            SourcesCommand.self, RelationsCommand.self, LinksCommand.self, IssuesCommand.self,
            ChangesCommand.self, SyncCommand.self, AuditCommand.self, TokenCommand.self, HealthCommand.self,
        ])
}
