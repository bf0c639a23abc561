// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct IssuesGet: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one issue.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id: iss_…")
    var issue: String
    @OptionGroup var freshness: FreshnessOptions

    func run(in session: Session) async throws {
        let response = try await session.links.getIssue(
            GetIssueRequest(id: issue, maxAge: freshness.value), options: session.options)
        session.show(response, IssueText.sheet(response.issue ?? Issue()))
    }
}

struct IssuesList: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the distinct issues linked in a project.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var page: PageOptions
    @Option(help: "The project.")
    var project: String
    @Option(
        help: ArgumentHelp("Only issues linked to this object or to anything it holds.", valueName: "kind:id")
    )
    var object: ObjectArgument?
    @Option(help: ArgumentHelp("Only issues of this source; id or name.", valueName: "source"))
    var source: String?
    @Option(help: ArgumentHelp("Only issues of this category; repeatable.", valueName: "category"))
    var category: [EnumArgument<StatusCategory>] = []

    func run(in session: Session) async throws {
        var request = ListIssuesRequest(
            projectID: project, pageSize: page.limit, pageToken: page.pageToken, object: object?.reference,
            statusCategories: category.map(\.value))
        if let source { request.sourceID = try await session.sourceID(source, project: project) }
        let response = try await session.links.listIssues(request, options: session.options)
        session.show(response, table: IssueText.table(response.issues), empty: "No issues.")
        session.noteNextPage(response.nextPageToken)
    }
}

struct IssuesResolve: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Tell what a pasted URL or typed key means, without storing anything.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "A URL or a key.")
    var text: String
    @Option(help: "The project.")
    var project: String
    @Option(help: ArgumentHelp("Only this source; id or name.", valueName: "source"))
    var source: String?
    @Flag(help: "Also read the issue from the tracker.")
    var preview = false

    func run(in session: Session) async throws {
        var request = ResolveReferenceRequest(projectID: project, text: text, preview: preview)
        if let source { request.sourceID = try await session.sourceID(source, project: project) }
        let response = try await session.links.resolveReference(request, options: session.options)
        var table = Table([
            .shrinkable("SOURCE"), .shrinkable("KEY"), .shrinkable("URL"), .shrinkable("TITLE"),
            .shrinkable("STATUS"),
        ])
        for candidate in response.candidates {
            table.append([
                Table.Cell(candidate.source?.displayName ?? ""), Table.Cell(candidate.key, .strong),
                Table.Cell(candidate.url), Table.Cell(candidate.issue?.title ?? ""),
                candidate.previewError.map { Table.Cell($0.message, .bad) }
                    ?? IssueText.status(candidate.issue),
            ])
        }
        session.show(response, table: table, empty: response.explanation)
    }
}
