// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// `extref changes …`
struct ChangesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes", abstract: "See what changed, then and now.",
        subcommands: [ChangesList.self, ChangesWatch.self])
}

/// Which changes are wanted.
struct ChangeFilterOptions: ParsableArguments {
    @Option(help: "Only changes of this project; none = every project you may read.")
    var project: String = ""
    @Option(
        help: ArgumentHelp("Only changes of this object's links; needs --project.", valueName: "kind:id"))
    var object: ObjectArgument?
    @Option(
        help: ArgumentHelp(
            "Only changes of this source, its issues and links to it; id or name.", valueName: "source"))
    var source: String?

    func validate() throws {
        guard object == nil || !project.isEmpty else {
            throw ValidationError("--object needs --project: an object's id means something there only.")
        }
    }

    /// The request for these changes.
    func request(in session: Session) async throws -> ListChangesRequest {
        var request = ListChangesRequest(projectID: project, object: object?.reference)
        if let source { request.sourceID = try await session.sourceID(source, project: project) }
        return request
    }
}
