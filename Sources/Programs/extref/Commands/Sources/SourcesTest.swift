// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct SourcesTest: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test the connection to a stored source, or to a draft that is not stored yet.",
        discussion: """
            Name a source, or describe a draft with the options of 'sources create'. Exit code 1 when a step failed.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Id or name of a stored source.")
    var source: String?
    @Option(help: ArgumentHelp("Kind of tracker of a draft.", valueName: "provider"))
    var provider: String?
    @OptionGroup(title: "Draft") var fields: SourceFields
    @OptionGroup var owner: OwnerOptions

    func validate() throws {
        guard (source == nil) != (provider == nil) else {
            throw ValidationError(
                "Name a stored source, or describe a draft with --provider and its options.")
        }
    }

    func run(in session: Session) async throws {
        let response = try await session.admin.testSourceConnection(
            TestSourceConnectionRequest(target: try await target(session)), options: session.options)
        let report = response.report ?? ConnectionReport()
        session.show(response, lines(report, for: session.terminal))
        if !report.ok { throw ExitCode(CLIExit.failure) }
    }

    private func target(_ session: Session) async throws -> TestSourceConnectionRequest.Target {
        if let source { return .id(try await session.sourceID(source)) }
        var draft = Source()
        draft.provider = provider ?? ""
        draft.owner = owner.owner
        draft.displayName = "draft"
        draft.availability = Availability(allProjects: true)
        _ = fields.apply(to: &draft, secrets: try session.secrets(fields.secret))
        return .draft(draft)
    }

    private func lines(_ report: ConnectionReport, for terminal: Terminal) -> [String] {
        var table = Table([.whole("STEP"), .whole("VERDICT"), .number("TIME"), .shrinkable("ADVICE")])
        for step in report.steps {
            table.append([
                Table.Cell(step.name), Table.Cell(step.verdict.words, step.verdict.style),
                Table.Cell(DurationText.short(step.elapsed)), Table.Cell(step.advice),
            ])
        }
        let took = DurationText.short(report.elapsed)
        let identity = report.identity.isEmpty ? "" : ", as " + TextWidth.printable(report.identity)
        var notes = [String]()
        let lacking = report.capabilities.filter { !$0.effective && $0.reason == .scopeMissing }
        if !lacking.isEmpty {
            notes.append(
                "The credential does not allow: " + lacking.map(\.capability.words).joined(separator: ", "))
        }
        if !report.scopes.isEmpty {
            notes.append(
                "It was given out for: " + report.scopes.map(TextWidth.printable).joined(separator: ", "))
        }
        if let end = report.credentialExpireTime { notes.append("It ends \(RFC3339.short(end)).") }
        let verdict =
            report.ok
            ? Style.good.paint("The connection works", on: terminal) + "\(identity) (\(took))."
            : Style.bad.paint("The connection does not work", on: terminal)
                + " (\(report.failureClass), \(took))."
        return table.lines(for: terminal) + notes + [verdict]
    }
}

extension ProbeVerdict {
    fileprivate var style: Style {
        switch self {
        case .passed: .good
        case .warning: .busy
        case .failed: .bad
        default: .faint
        }
    }
}
