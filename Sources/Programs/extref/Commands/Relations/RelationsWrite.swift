// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct RelationsCreate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Add a relation.",
        discussion: """
            Example:
              extref relations create --name "Found by" --inverse-name "Finds" --type defect --color '#cc0000'
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var fields: RelationFields
    @OptionGroup var owner: OwnerOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        var relation = Relation()
        relation.owner = owner.owner
        relation.semanticType = .general
        relation.availability = Availability(allProjects: true)
        _ = fields.apply(to: &relation)
        let response = try await session.admin.createRelation(
            CreateRelationRequest(
                relation: relation, requestID: mutation.requestID, validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(response, RelationText.sheet(response.relation ?? Relation()))
    }
}

struct RelationsUpdate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the given fields of a relation; all others stay.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var relation: String
    @OptionGroup var fields: RelationFields
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        let id = try await session.relationID(relation)
        let known = try await session.admin.getRelation(GetRelationRequest(id: id), options: session.options)
        var changed = known.relation ?? Relation()
        let mask = fields.apply(to: &changed)
        guard !mask.isEmpty else { throw ValidationError("Name at least one field to change.") }
        // Without --etag the version just read guards the gap between reading and writing.
        if !version.etag.isEmpty { changed.etag = version.etag }
        let response = try await session.admin.updateRelation(
            UpdateRelationRequest(
                relation: changed, updateMask: GoogleFieldMask(paths: mask), requestID: mutation.requestID,
                validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(response, RelationText.sheet(response.relation ?? Relation()))
    }
}

struct RelationsDelete: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a relation; refused while links have it, unless another replaces it.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var relation: String
    @Option(help: ArgumentHelp("Relation its links move to; id or name.", valueName: "relation"))
    var replacement: String?
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        var request = DeleteRelationRequest(
            id: try await session.relationID(relation), etag: version.etag, requestID: mutation.requestID,
            validateOnly: dryRun.validateOnly)
        if let replacement { request.replacementID = try await session.relationID(replacement) }
        let response = try await session.admin.deleteRelation(request, options: session.options)
        session.show(
            response, table: UsageText.table(response.usage),
            empty: "Relation '\(relation)' deleted; no link had it.")
    }
}

struct RelationsEnable: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let new links have a relation again.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var relation: String
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func run(in session: Session) async throws {
        let response = try await session.admin.enableRelation(
            EnableRelationRequest(
                id: try await session.relationID(relation), etag: version.etag, requestID: mutation.requestID),
            options: session.options)
        session.show(response, RelationText.sheet(response.relation ?? Relation()))
    }
}

struct RelationsDisable: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Refuse new links with a relation; old ones keep it.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var relation: String
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func run(in session: Session) async throws {
        let response = try await session.admin.disableRelation(
            DisableRelationRequest(
                id: try await session.relationID(relation), etag: version.etag, requestID: mutation.requestID),
            options: session.options)
        session.show(response, RelationText.sheet(response.relation ?? Relation()))
    }
}
