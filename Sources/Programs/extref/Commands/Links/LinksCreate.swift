// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct LinksCreate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Link a test object to an issue.",
        discussion: """
            Examples:
              extref links create --project P1 --object case:TC-1 --relation Defect \\
                  --url https://redmine.example.com/issues/42
              extref links create --project P1 --object result:R-7 --in run:RUN-3 --relation Defect --key 42
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project of the object.")
    var project: String
    @Option(help: ArgumentHelp("The test object, such as case:TC-1.", valueName: "kind:id"))
    var object: ObjectArgument
    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("What holds the object, nearest first; repeatable.", valueName: "kind:id"))
    var ancestors: [ObjectArgument] = []
    @OptionGroup(title: "Target (one of)") var target: TargetOptions
    @Option(help: ArgumentHelp("Relation; name or id. None = the project's default.", valueName: "relation"))
    var relation: String = ""
    @Option(help: ArgumentHelp("A note for people.", valueName: "text"))
    var note: String = ""
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        var draft = LinkDraft(object: object.reference, ancestors: ancestors.map(\.reference), note: note)
        draft.target = LinkTarget(target: try await target.value(session, project: project))
        if RelationText.isID(relation) { draft.relationID = relation } else { draft.relationName = relation }
        let response = try await session.links.createLink(
            CreateLinkRequest(
                projectID: project, link: draft, requestID: mutation.requestID,
                validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(response, LinkText.sheet(response.link ?? Link()))
        if response.existed { session.note("This link had been there before.") }
    }
}

/// What a new link points to.
struct TargetOptions: ParsableArguments {
    @Option(help: ArgumentHelp("URL of an issue, as pasted from a browser.", valueName: "url"))
    var url: String?
    @Option(help: ArgumentHelp("Key of an issue, such as PROJ-12 or 42.", valueName: "key"))
    var key: String?
    @Option(help: ArgumentHelp("With --key: the source; id or name.", valueName: "source"))
    var source: String?
    @Option(help: ArgumentHelp("An issue known already: iss_…", valueName: "issue"))
    var issue: String?
    @Option(help: ArgumentHelp("A URL to keep as it is, of no source.", valueName: "url"))
    var bareURL: String?

    func validate() throws {
        guard [url, key, issue, bareURL].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("Name the target with exactly one of --url, --key, --issue and --bare-url.")
        }
        guard source == nil || key != nil else { throw ValidationError("--source goes with --key only.") }
    }

    func value(_ session: Session, project: String) async throws -> LinkTarget.Target? {
        if let url { return .url(url) }
        if let issue { return .issueID(issue) }
        if let bareURL { return .bareURL(bareURL) }
        guard let key else { return nil }
        var sourceKey = SourceKey(key: key)
        if let source { sourceKey.sourceID = try await session.sourceID(source, project: project) }
        return .key(sourceKey)
    }
}
