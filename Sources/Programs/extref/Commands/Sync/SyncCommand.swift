// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref sync`: how issues come back from their trackers.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "See how issues are kept in step with their trackers.",
        subcommands: [SyncWatch.self])
}
