// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref issues`: issues of the trackers, linked or to be linked.
struct IssuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issues", abstract: "Find, create, read and refresh issues.",
        subcommands: [
            IssuesGet.self, IssuesList.self, IssuesSearch.self, IssuesForm.self, IssuesCreate.self,
            IssuesRefresh.self, IssuesResolve.self, IssuesExtract.self,
        ])
}
