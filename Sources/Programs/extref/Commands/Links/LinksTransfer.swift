// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct LinksExport: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a project's links to standard output, one JSON object a line.",
        discussion: "The lines hold no ids of this server: 'extref links import' takes them on another one.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project.")
    var project: String

    func run(in session: Session) async throws {
        var request = ExportLinksRequest(projectID: project, pageSize: CLILimits.pageSizeMax)
        repeat {
            let response = try await session.links.exportLinks(request, options: session.options)
            for link in response.links { session.write(ProtoJSON.node(link).line) }
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
    }
}

struct LinksImport: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Create links from an export; no tracker is asked.",
        discussion: """
            Sources and relations are matched by name and must exist. Lines that cannot be taken are reported with \
            their number, all others are imported; exit code 1 when there were any. Importing twice changes nothing.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(help: "The project the links go to.")
    var project: String
    @Argument(help: "File to read; - = standard input.")
    var file: String
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        let lines = try TransferLine.parse(
            try session.files.text(at: file, bytesMax: CLILimits.importFileBytesMax))
        var (created, failures) = (0, 0)
        for start in stride(from: 0, to: lines.count, by: CLILimits.importBatchMax) {
            let batch = lines[start..<min(start + CLILimits.importBatchMax, lines.count)]
            let response = try await session.links.importLinks(
                ImportLinksRequest(
                    projectID: project, links: batch.map(\.link), validateOnly: dryRun.validateOnly),
                options: session.options)
            created += Int(response.createdCount)
            for (line, result) in zip(batch, response.results) {
                guard case .error(let error) = result.outcome else { continue }
                failures += 1
                session.note("line \(line.number): \(error.reason): \(error.message)")
            }
        }
        session.note(
            "\(created) of \(lines.count) links \(dryRun.validateOnly ? "would exist" : "exist") now.")
        if failures > 0 { throw ExitCode(CLIExit.failure) }
    }
}
