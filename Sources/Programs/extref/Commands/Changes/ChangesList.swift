// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct ChangesList: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List changes from a place in the feed on, oldest first.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var filter: ChangeFilterOptions
    @Option(
        help: ArgumentHelp("Only changes behind this cursor; 0 = from the beginning.", valueName: "cursor"))
    var after: String = "0"
    @Option(help: ArgumentHelp("Most changes to show: 1 to 500.", valueName: "count"))
    var limit: Int32 = 50

    func validate() throws {
        guard (1...CLILimits.pageSizeMax).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(CLILimits.pageSizeMax).")
        }
    }

    func run(in session: Session) async throws {
        var request = try await filter.request(in: session)
        request.after = after
        request.pageSize = limit
        let response = try await session.links.listChanges(request, options: session.options)
        session.show(response, table: ChangeText.table(response.changes), empty: "No changes.")
        if response.changes.count == Int(limit), !session.printsJSON {
            session.note("There may be more: --after \(response.nextAfter)")
        }
    }
}
