// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref issues`: what is known of the issues that links point to.
struct IssuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues", abstract: "Look at the issues that links point to, and read them again.",
        subcommands: [IssuesGet.self, IssuesList.self, IssuesRefresh.self, IssuesResolve.self])
}
