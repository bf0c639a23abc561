// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPC
import RPCMessages

struct ChangesWatch: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Write changes to standard output as they happen, one a line.",
        discussion: """
            It goes on by itself when the connection breaks or the server restarts; nothing is lost or told twice. \
            With --json each line is one JSON object, whose cursor takes up where another run ended: --after.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @OptionGroup var filter: ChangeFilterOptions
    @Option(
        help: ArgumentHelp(
            "Begin behind this cursor; 0 = from the beginning. None = from now on.", valueName: "cursor"))
    var after: String = ""
    @Option(help: ArgumentHelp("End after this many changes.", valueName: "count"))
    var count: Int?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run(in session: Session) async throws {
        var request = try await filter.request(in: session)
        request.after = after
        // The first answer comes at once: it says where "now" is, and a wrong address or token ends here.
        request.pageSize = Int32(clamping: min(count ?? .max, Int(CLILimits.pageSizeMax)))
        var response = try await session.links.listChanges(request, options: session.options)
        var left = count ?? .max
        while true {
            for change in response.changes { try session.writeAtOnce(line(of: change, in: session)) }
            left -= response.changes.count
            guard left > 0 else { return }
            request.after = response.nextAfter
            request.pageSize = Int32(clamping: min(left, Int(CLILimits.pageSizeMax)))
            response = try await next(request, in: session)
        }
    }

    private func line(of change: Change, in session: Session) -> String {
        session.printsJSON ? ProtoJSON.node(change).line : ChangeText.line(change, for: session.terminal)
    }

    /// Waits for the next changes, through as many lost connections as there are.
    private func next(
        _ request: ListChangesRequest, in session: Session
    ) async throws -> ListChangesResponse {
        var request = request
        request.wait = GoogleDuration(CLILimits.watchWait)
        var options = session.options
        options.timeout = CLILimits.watchWait + CLILimits.watchGrace
        var failures = 0
        while true {
            let start = ContinuousClock.now
            do {
                let response = try await session.links.listChanges(request, options: options)
                if !response.changes.isEmpty { return response }
                request.after = response.nextAfter
                failures = 0
                // The server has no place for one more who waits, or goes away.
                if .now - start < CLILimits.watchPause { try await session.pause(CLILimits.watchPause) }
            } catch let error as RPCError where error.isPassing {
                if failures == 0 { session.note("\(error.message); trying again") }
                failures += 1
                try await session.pause(
                    min(CLILimits.watchPause * (1 << min(failures, 10)), CLILimits.watchPauseMax)
                        * Double.random(in: 0.5...1))
            }
        }
    }
}

extension RPCError {
    /// Whether the same call may succeed a little later.
    fileprivate var isPassing: Bool {
        code == .unavailable || code == .resourceExhausted || code == .deadlineExceeded || code == .cancelled
    }
}
