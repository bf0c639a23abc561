// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct SourcesWebhookSecret: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook-secret", abstract: "Make a new secret for a source's webhook and show it once.",
        discussion: """
            Enter secret and path at the tracker. The secret before is still accepted for a while, so that no \
            notification is lost meanwhile.
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "The source; id or name.")
    var source: String
    @Option(
        help: ArgumentHelp(
            "How long the secret before is still accepted, up to 7d. None = 1d.", valueName: "time"))
    var overlap: DurationArgument?

    func run(in session: Session) async throws {
        let response = try await session.admin.rotateWebhookSecret(
            RotateWebhookSecretRequest(
                sourceID: try await session.sourceID(source),
                overlap: overlap.map { GoogleDuration($0.duration) }),
            options: session.options)
        var sheet = Sheet()
        sheet.add("secret", response.secret, .strong)
        sheet.add("path", response.path)
        sheet.add("secret before until", RFC3339.short(response.previousExpireTime))
        sheet.add("waiting until", RFC3339.short(response.handshakeExpireTime))
        session.show(response, sheet)
        if response.handshakeExpireTime == nil {
            session.note("The secret is not shown again.")
        } else {
            session.note("Make the webhook at the tracker with this path now: it tells its secret itself.")
        }
    }
}

struct SourcesTestWebhook: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-webhook",
        abstract: "See whether this server takes what is signed with a source's webhook secret.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "The source; id or name.")
    var source: String

    func run(in session: Session) async throws {
        let response = try await session.admin.testWebhook(
            TestWebhookRequest(sourceID: try await session.sourceID(source)), options: session.options)
        var sheet = Sheet()
        sheet.add("outcome", response.delivery?.outcome.words ?? "")
        sheet.add("reason", response.delivery?.reason ?? "")
        sheet.add("advice", response.advice)
        session.show(response, sheet)
        if response.delivery?.outcome == .refused { throw ExitCode(CLIExit.failure) }
    }
}

struct SourcesDeliveries: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "List the notifications a source's tracker sent, newest first.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "The source; id or name.")
    var source: String
    @Option(help: ArgumentHelp("Most to show: 1 to 200.", valueName: "count"))
    var limit: Int32 = 50

    func validate() throws {
        guard (1...CLILimits.deliveriesMax).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(CLILimits.deliveriesMax).")
        }
    }

    func run(in session: Session) async throws {
        let response = try await session.admin.listWebhookDeliveries(
            ListWebhookDeliveriesRequest(sourceID: try await session.sourceID(source), pageSize: limit),
            options: session.options)
        var table = Table([
            .whole("TIME"), .whole("OUTCOME"), .number("ISSUES"), .shrinkable("REASON"),
            .shrinkable("VENDOR ID"), .yielding("ID"),
        ])
        for delivery in response.deliveries {
            table.append([
                Table.Cell(RFC3339.short(delivery.receiveTime)), Self.outcome(delivery.outcome),
                Table.Cell(delivery.issueCount == 0 ? "" : "\(delivery.issueCount)"),
                Table.Cell(delivery.reason), Table.Cell(delivery.vendorID), Table.Cell(delivery.id, .faint),
            ])
        }
        session.show(response, table: table, empty: "No notifications.")
    }

    private static func outcome(_ outcome: WebhookOutcome) -> Table.Cell {
        switch outcome {
        case .accepted: Table.Cell(outcome.words, .good)
        case .refused: Table.Cell(outcome.words, .bad)
        default: Table.Cell(outcome.words)
        }
    }
}
