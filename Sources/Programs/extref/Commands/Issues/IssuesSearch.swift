// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct IssuesSearch: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find issues by words, in all trackers of a project side by side.",
        discussion: "A tracker that fails is told of and fails no other. Exit code 1 when all of them failed."
    )

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Words, or a key.")
    var query: String
    @Option(help: "The project.")
    var project: String
    @Option(help: ArgumentHelp("Only this source; id or name; repeatable.", valueName: "source"))
    var source: [String] = []
    @Option(help: ArgumentHelp("Most issues of each source: 1 to 50.", valueName: "number"))
    var limit: Int32 = 20

    func run(in session: Session) async throws {
        var request = SearchIssuesRequest(projectID: project, query: query, pageSize: limit)
        for name in source { request.sourceIds.append(try await session.sourceID(name, project: project)) }
        let response = try await session.links.searchIssues(request, options: session.options)
        var table = Table([
            .shrinkable("SOURCE"), .shrinkable("KEY"), .shrinkable("TITLE"), .shrinkable("STATUS"),
            .shrinkable("CATEGORY"), .shrinkable("ASSIGNEE"),
        ])
        for result in response.results {
            for issue in result.issues {
                table.append([
                    Table.Cell(result.source?.displayName ?? "", .faint), Table.Cell(issue.key, .strong),
                    Table.Cell(issue.title), IssueText.status(issue), IssueText.category(issue),
                    Table.Cell(IssueText.assignees(issue)),
                ])
            }
        }
        session.show(response, table: table, empty: "No issues.")
        for result in response.results {
            guard let error = result.error else { continue }
            session.note("\(result.source?.displayName ?? ""): \(error.message)")
        }
        let failed = response.results.count { $0.error != nil }
        if failed > 0, failed == response.results.count { throw ExitCode(CLIExit.failure) }
    }
}

struct IssuesExtract: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Find keys and addresses of issues in a text; stores nothing.",
        discussion: "Without a text, standard input is read: extref issues extract --project P1 < failure.log"
    )

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "The text.")
    var text: String?
    @Option(help: "The project.")
    var project: String

    func run(in session: Session) async throws {
        var input = text ?? ""
        if text == nil { while let line = readLine(strippingNewline: false) { input += line } }
        let response = try await session.links.extractReferences(
            ExtractReferencesRequest(projectID: project, text: input), options: session.options)
        var table = Table([
            .shrinkable("SOURCE"), .shrinkable("KEY"), .shrinkable("URL"), .number("SURE"), .number("AT"),
        ])
        for candidate in response.candidates {
            table.append([
                Table.Cell(candidate.source?.displayName ?? "", .faint), Table.Cell(candidate.key, .strong),
                Table.Cell(candidate.url), Table.Cell("\(Int((candidate.confidence * 100).rounded())) %"),
                Table.Cell("\(candidate.startOffset)"),
            ])
        }
        session.show(response, table: table, empty: "No references.")
    }
}
