// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct SyncWatch: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show the table of 'sources status' again and again.",
        discussion: """
            On a terminal the table stays in its place. Into a file or pipe each table follows the one before; with \
            --json each is one answer of ListSources. End it with Ctrl-C.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "Only sources usable in this project; needed unless you are a Tenant Admin.")
    var project: String = ""
    @Option(help: ArgumentHelp("Time between two looks, such as 2s.", valueName: "time"))
    var every: String = "2s"
    @Option(help: ArgumentHelp("End after this many looks.", valueName: "count"))
    var count: Int?

    func validate() throws {
        guard let every = DurationText.parse(every), every >= .seconds(1) else {
            throw ValidationError("--every must be a time of at least one second, such as 2s or 1m.")
        }
        if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run(in session: Session) async throws {
        var left = count ?? .max
        while true {
            let sources = try await session.sourcesWithSync(project: project)
            try session.writeAtOnce(text(of: sources, in: session))
            left -= 1
            guard left > 0 else { return }
            try await session.pause(DurationText.parse(every) ?? .seconds(2))
        }
    }

    private func text(of sources: [Source], in session: Session) -> String {
        if session.printsJSON { return ProtoJSON.node(ListSourcesResponse(sources: sources)).line }
        let lines = SyncText.table(sources).lines(for: session.terminal).joined(separator: "\n")
        // Cursor to the upper left corner, then what is below it is erased (ECMA-48).
        return session.terminal.columns == nil ? lines + "\n" : "\u{1B}[H\u{1B}[J" + lines
    }
}
