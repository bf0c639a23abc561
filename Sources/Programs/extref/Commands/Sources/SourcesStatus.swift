// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

struct SourcesStatus: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how sources are kept in step with their trackers.",
        discussion: """
            With a source: what waits, when its next turn is, what went wrong and what to do. Without: one line \
            for each source that you administer. LAG is how long the first waiting issue waits, LEFT how many \
            calls the tracker says are left.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name; none = all of them.")
    var source: String?
    @Option(help: "Only those usable in this project; needed unless you are a Tenant Admin.")
    var project: String = ""

    func run(in session: Session) async throws {
        guard let source else {
            let sources = try await session.sourcesWithSync(project: project)
            return session.show(
                ListSourcesResponse(sources: sources), table: SyncText.table(sources), empty: "No sources.")
        }
        let id = try await session.sourceID(source, project: project)
        let response = try await session.admin.getSource(
            GetSourceRequest(id: id, projectID: project), options: session.options)
        session.show(response, SyncText.sheet(response.source ?? Source()))
    }
}

extension Session {
    /// The sources of a page, each with how it is kept in step.
    func sourcesWithSync(project: String) async throws -> [Source] {
        let listed = try await admin.listSources(
            ListSourcesRequest(pageSize: CLILimits.pageSizeMax, projectID: project, showDisabled: true),
            options: options)
        var sources = [Source]()
        for source in listed.sources {
            let answer = try await admin.getSource(
                GetSourceRequest(id: source.id, projectID: project), options: options)
            sources.append(answer.source ?? source)
        }
        return sources
    }
}
