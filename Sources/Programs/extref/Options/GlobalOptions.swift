// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What every command that calls a server takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the server listens: HOST:PORT or unix:/path.",
            discussion: "Default: EXTREF_ADDRESS, else 127.0.0.1:7400.", valueName: "address"))
    var address: String?

    @Option(
        help: ArgumentHelp(
            "File with the bearer token.",
            discussion: "Default: EXTREF_TOKEN_FILE, else admin.token of --data-dir.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "The bearer token itself; better kept in a file.", discussion: "Default: EXTREF_TOKEN.",
            valueName: "token"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Data directory of a server on this machine; its admin.token is used when no token is named.",
            discussion: "Default: EXTREF_DATA_DIR.", valueName: "dir"))
    var dataDir: String?

    @Option(help: "Longest wait for an answer.")
    var timeout = DurationArgument(CLILimits.timeoutDefault)

    @Flag(help: "Print the answer as JSON, for programs.")
    var json = false

    @Flag(help: "No colours, even on a terminal.")
    var noColor = false
}
