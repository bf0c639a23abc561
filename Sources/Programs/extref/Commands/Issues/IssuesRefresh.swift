// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct IssuesRefresh: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Read issues from their trackers now.",
        discussion: "Exit code 1 when one of them could not be read.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project.")
    var project: String
    @Argument(help: "Their ids: iss_… At most 100.")
    var issues: [String]

    func run(in session: Session) async throws {
        let response = try await session.links.refreshIssues(
            RefreshIssuesRequest(projectID: project, ids: issues), options: session.options)
        var table = Table([
            .yielding("ID"), .shrinkable("KEY"), .shrinkable("TITLE"), .shrinkable("STATUS"),
            .shrinkable("CATEGORY"),
            .shrinkable("ASSIGNEE"), .shrinkable("FAILURE"),
        ])
        for result in response.results {
            let issue = result.issue
            table.append([
                Table.Cell(result.id, .faint), Table.Cell(issue?.key ?? "", .strong),
                Table.Cell(issue?.title ?? ""), IssueText.status(issue), IssueText.category(issue),
                Table.Cell(issue.map(IssueText.assignees) ?? ""),
                Table.Cell(result.error?.message ?? "", .bad),
            ])
        }
        session.show(response, table: table, empty: "No issues.")
        if response.results.contains(where: { $0.error != nil }) { throw ExitCode(CLIExit.failure) }
    }
}
