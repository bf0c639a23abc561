// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

/// `extref audit`: who changed what.
struct AuditCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "List who changed what, newest first.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var page: PageOptions
    @Option(help: "Only what happened in this project; needed unless you are a Tenant Admin.")
    var project: String = ""
    @Option(help: ArgumentHelp("Only entries about this id: src_…, rel_…, lnk_…", valueName: "id"))
    var resource: String = ""
    @Option(
        help: "Only entries at or after this day or time (UTC), such as 2026-11-19 or 2026-11-19T08:30:00Z.")
    var since: TimeArgument?
    @Option(help: "Only entries before this day or time (UTC).")
    var until: TimeArgument?

    func run(in session: Session) async throws {
        let response = try await session.admin.listAuditEntries(
            ListAuditEntriesRequest(
                pageSize: page.limit, pageToken: page.pageToken, projectID: project, resourceID: resource,
                startTime: since?.time, endTime: until?.time),
            options: session.options)
        var table = Table([
            .whole("TIME"), .shrinkable("WHO"), .shrinkable("ACTION"), .whole("RESOURCE"),
            .shrinkable("CHANGES"),
        ])
        for entry in response.entries {
            table.append([
                Table.Cell(RFC3339.short(entry.occurTime)), Table.Cell(entry.principal),
                Table.Cell(entry.action.split(separator: "/").last.map(String.init) ?? entry.action),
                Table.Cell(entry.resourceID, .faint),
                Table.Cell(entry.fields.map(\.text).joined(separator: "; ")),
            ])
        }
        session.show(response, table: table, empty: "No entries.")
        session.noteNextPage(response.nextPageToken)
    }
}

/// A day or a time in UTC.
struct TimeArgument: ExpressibleByArgument, Sendable, Hashable {
    let time: GoogleTimestamp

    init?(argument: String) {
        guard let time = RFC3339.parse(argument) else { return nil }
        self.time = time
    }
}
