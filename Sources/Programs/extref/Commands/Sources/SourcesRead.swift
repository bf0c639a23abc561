// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct SourcesList: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List sources.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var page: PageOptions
    @Option(help: "Only those usable in this project; needed unless you are a Tenant Admin.")
    var project: String = ""
    @Flag(help: "Also disabled and hidden ones.")
    var all = false

    func run(in session: Session) async throws {
        let response = try await session.admin.listSources(
            ListSourcesRequest(
                pageSize: page.limit, pageToken: page.pageToken, projectID: project, showDisabled: all),
            options: session.options)
        session.show(response, table: SourceText.table(response.sources), empty: "No sources.")
        session.noteNextPage(response.nextPageToken)
    }
}

struct SourcesGet: RemoteCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one source.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var source: String
    @Option(help: "Show what this project changes for itself.")
    var project: String = ""

    func run(in session: Session) async throws {
        let id = try await session.sourceID(source, project: project)
        let response = try await session.admin.getSource(
            GetSourceRequest(id: id, projectID: project), options: session.options)
        session.show(response, SourceText.sheet(response.source ?? Source()))
    }
}

struct SourcesProviders: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "List the kinds of trackers and how to authenticate against them."
    )

    @OptionGroup(title: "Connection and output") var global: GlobalOptions

    func run(in session: Session) async throws {
        let response = try await session.admin.listProviders(ListProvidersRequest(), options: session.options)
        var table = Table([
            .whole("PROVIDER"), .shrinkable("NAME"), .whole("AUTH"), .shrinkable("SETTINGS AND SECRETS"),
            .shrinkable("BASE URL"), .shrinkable("KEY"),
        ])
        for provider in response.providers {
            for (index, method) in provider.authenticationMethods.enumerated() {
                let isFirst = index == 0
                table.append([
                    Table.Cell(isFirst ? provider.id : "", .strong),
                    Table.Cell(isFirst ? provider.displayName : ""),
                    Table.Cell(method.id), Table.Cell(method.fields.map(\.text).joined(separator: ", ")),
                    Table.Cell(isFirst ? provider.baseURLExample : ""),
                    Table.Cell(isFirst ? provider.keyExample : ""),
                ])
            }
        }
        session.show(response, table: table, empty: "No providers.")
    }
}

extension AuthenticationField {
    /// `--secret api_key`, in brackets when it may be left out.
    fileprivate var text: String {
        let option = (secret ? "--secret " : "--setting ") + name
        return required ? option : "[\(option)]"
    }
}
