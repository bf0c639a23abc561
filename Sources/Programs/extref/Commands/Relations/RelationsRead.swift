// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct RelationsList: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List relations.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var page: PageOptions
    @Option(help: "Only those usable in this project; needed unless you are a Tenant Admin.")
    var project: String = ""
    @Flag(help: "Also disabled and hidden ones.")
    var all = false

    func run(in session: Session) async throws {
        let response = try await session.admin.listRelations(
            ListRelationsRequest(
                pageSize: page.limit, pageToken: page.pageToken, projectID: project, showDisabled: all),
            options: session.options)
        session.show(response, table: RelationText.table(response.relations), empty: "No relations.")
        session.noteNextPage(response.nextPageToken)
    }
}

struct RelationsGet: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one relation.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var relation: String
    @Option(help: "Show what this project changes for itself.")
    var project: String = ""

    func run(in session: Session) async throws {
        let id = try await session.relationID(relation, project: project)
        let response = try await session.admin.getRelation(
            GetRelationRequest(id: id, projectID: project), options: session.options)
        session.show(response, RelationText.sheet(response.relation ?? Relation()))
    }
}
