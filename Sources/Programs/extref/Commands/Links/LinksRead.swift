// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct LinksList: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List links with the last known state of their issues.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var page: PageOptions
    @Option(help: "The project.")
    var project: String
    @Option(help: ArgumentHelp("Only links of this object.", valueName: "kind:id"))
    var object: ObjectArgument?
    @Flag(help: "With --object: also links of everything it holds.")
    var descendants = false
    @Option(help: ArgumentHelp("Only links to this source; id or name.", valueName: "source"))
    var source: String?
    @Option(help: ArgumentHelp("Only links to this issue: iss_…", valueName: "issue"))
    var issue: String = ""
    @Option(help: ArgumentHelp("Only links of this relation; id or name.", valueName: "relation"))
    var relation: String?
    @Option(help: ArgumentHelp("Only links of relations of this type.", valueName: "type"))
    var type: EnumArgument<SemanticType>?
    @Option(help: ArgumentHelp("Only links to issues of this category; repeatable.", valueName: "category"))
    var category: [EnumArgument<StatusCategory>] = []
    @OptionGroup var freshness: FreshnessOptions

    func run(in session: Session) async throws {
        var request = ListLinksRequest(
            projectID: project, pageSize: page.limit, pageToken: page.pageToken, object: object?.reference,
            includeDescendants: descendants, issueID: issue, semanticType: type?.value ?? .unspecified,
            statusCategories: category.map(\.value), maxAge: freshness.value)
        if let source { request.sourceID = try await session.sourceID(source, project: project) }
        if let relation { request.relationID = try await session.relationID(relation, project: project) }
        let response = try await session.links.listLinks(request, options: session.options)
        session.show(response, table: LinkText.table(response.links), empty: "No links.")
        session.noteNextPage(response.nextPageToken)
    }
}

struct LinksGet: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one link.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id: lnk_…")
    var link: String
    @OptionGroup var freshness: FreshnessOptions

    func run(in session: Session) async throws {
        let response = try await session.links.getLink(
            GetLinkRequest(id: link, maxAge: freshness.value), options: session.options)
        session.show(response, LinkText.sheet(response.link ?? Link()))
    }
}

/// How old a shown state may be.
struct FreshnessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How old an issue's state may be, such as 15m; 0 = ask the tracker now. None = whatever is cached.",
            valueName: "age"))
    var maxAge: DurationArgument?

    var value: GoogleDuration? {
        maxAge.map { GoogleDuration(seconds: $0.duration.components.seconds) }
    }
}
