// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// For which test object an issue is.
struct IssueObjectOptions: ParsableArguments {
    @Option(
        name: .customLong("about"),
        help: ArgumentHelp(
            "What is known of the object, for the source's templates; repeatable.", valueName: "name=value"))
    var objectFields: [PairArgument] = []
    @Option(
        help: ArgumentHelp(
            "Groups failures that look the same, such as a hash of the stack trace.", valueName: "text"))
    var fingerprint: String = ""

    var values: [String: String] {
        Dictionary(objectFields.map { ($0.name, $0.value) }) { $1 }
    }
}

struct IssuesForm: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "form", abstract: "Tell which fields a tracker wants of a new issue.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project.")
    var project: String
    @Option(help: ArgumentHelp("The tracker; id or name of its source.", valueName: "source"))
    var source: String
    @Option(help: ArgumentHelp("The project there. None = the default one.", valueName: "project"))
    var externalProject: String = ""
    @Option(help: ArgumentHelp("The issue type's id. None = the first.", valueName: "type"))
    var type: String = ""
    @Option(help: ArgumentHelp("The test object, such as result:R-7.", valueName: "kind:id"))
    var object: ObjectArgument?
    @OptionGroup var about: IssueObjectOptions

    func run(in session: Session) async throws {
        let response = try await session.links.getIssueForm(
            GetIssueFormRequest(
                projectID: project, sourceID: try await session.sourceID(source, project: project),
                externalProject: externalProject, issueType: type, object: object?.reference,
                objectFields: about.values, fingerprint: about.fingerprint),
            options: session.options)
        var table = Table([
            .shrinkable("FIELD"), .shrinkable("LABEL"), .shrinkable("KIND"), .whole("NEEDED"),
            .shrinkable("DEFAULT"), .shrinkable("VALUES"),
        ])
        for field in response.fields {
            let values = field.allowedValues.map { $0.id == $0.label ? $0.id : "\($0.id) (\($0.label))" }
            table.append([
                Table.Cell(field.name, .strong), Table.Cell(field.label), Table.Cell(field.type.words),
                Table.Cell(field.required ? "yes" : ""), Table.Cell(field.defaultValue),
                Table.Cell(values.joined(separator: ", ")),
            ])
        }
        session.show(response, table: table, empty: "The tracker does not tell its fields.")
        if let error = response.error { session.note("The tracker could not be asked: \(error.message)") }
        let types = response.issueTypes.map { "\($0.id) (\($0.label))" }.joined(separator: ", ")
        if !types.isEmpty { session.note("Types: \(types)") }
        for issue in response.reusableIssues { session.note("Open already: \(issue.key) \(issue.title)") }
        if !response.createURL.isEmpty { session.note("By hand: \(response.createURL)") }
    }
}

struct IssuesCreate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an issue in a tracker and link it, exactly once.",
        discussion: """
            Fields are those of 'extref issues form'. When the tracker's answer is lost, repeat the command with the
            same --request-id: the issue is found and linked, or created then.

            Example:
              extref issues create --project P1 --source Jira --object result:R-7 --relation Defect \\
                  --field "title=Checkout fails" --field "description=500 after 'Pay'"
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project.")
    var project: String
    @Option(help: ArgumentHelp("The tracker; id or name of its source.", valueName: "source"))
    var source: String
    @Option(help: ArgumentHelp("The project there. None = the default one.", valueName: "project"))
    var externalProject: String = ""
    @Option(help: ArgumentHelp("The issue type's id. None = the first.", valueName: "type"))
    var type: String = ""
    @Option(help: ArgumentHelp("The test object, such as result:R-7.", valueName: "kind:id"))
    var object: ObjectArgument
    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("What holds the object, nearest first; repeatable.", valueName: "kind:id"))
    var ancestors: [ObjectArgument] = []
    @Option(help: ArgumentHelp("Relation; name or id. None = the project's default.", valueName: "relation"))
    var relation: String = ""
    @Option(help: ArgumentHelp("A field of the form; repeatable.", valueName: "name=value"))
    var field: [PairArgument] = []
    @OptionGroup var about: IssueObjectOptions
    @Option(
        help: ArgumentHelp(
            "When an open issue fits already: 'ask' refuses, 'link' links it.", valueName: "policy"))
    var reuse: EnumArgument<ReusePolicy>?
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        var draft = LinkDraft(
            object: object.reference, ancestors: ancestors.map(\.reference), fingerprint: about.fingerprint)
        if RelationText.isID(relation) { draft.relationID = relation } else { draft.relationName = relation }
        let response = try await session.links.createIssue(
            CreateIssueRequest(
                projectID: project, sourceID: try await session.sourceID(source, project: project),
                externalProject: externalProject, issueType: type,
                fields: Dictionary(field.map { ($0.name, $0.value) }) { $1 }, link: draft,
                requestID: mutation.requestID, validateOnly: dryRun.validateOnly,
                objectFields: about.values, reusePolicy: reuse?.value ?? .unspecified),
            options: session.options)
        guard let link = response.link else {
            session.show(response, ["The tracker would take it."])
            return
        }
        session.show(response, LinkText.sheet(link))
        if response.existed { session.note("An earlier try had created it.") }
        if response.reused { session.note("It was open already, and was linked instead of a new one.") }
    }
}
