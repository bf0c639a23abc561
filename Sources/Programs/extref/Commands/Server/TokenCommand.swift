// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref token`: tokens without an identity provider.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make bearer tokens, on the server's own machine.",
        subcommands: [TokenMint.self])
}
