// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// How sources are kept in step with their trackers, for people.
enum SyncText {
    static func table(_ sources: [Source]) -> Table {
        var table = Table([
            .shrinkable("NAME"), .whole("STATE"), .whole("LAST PASS"), .number("QUEUE"), .number("LAG"),
            .number("CALLS/H"), .number("LEFT"), .whole("BREAKER"), .shrinkable("TROUBLE"),
        ])
        for source in sources {
            let sync = source.sync ?? SourceSync()
            table.append([
                Table.Cell(source.displayName, .strong), Table.Cell(source.state.words, source.state.style),
                Table.Cell(RFC3339.short(sync.lastPassTime)), Table.Cell("\(sync.queueLength)"),
                Table.Cell(DurationText.short(sync.lag)), Table.Cell("\(sync.callsLastHour)"),
                Table.Cell(sync.left), Table.Cell(sync.breakerState.words, sync.breakerState.style),
                sync.trouble,
            ])
        }
        return table
    }

    static func sheet(_ source: Source) -> Sheet {
        var sheet = Sheet()
        let sync = source.sync ?? SourceSync()
        sheet.add("name", source.displayName, .strong)
        sheet.add("state", source.state.words, source.state.style)
        sheet.add("last pass", RFC3339.short(sync.lastPassTime))
        sheet.add("last attempt", RFC3339.short(sync.lastAttemptTime))
        sheet.add("next attempt", RFC3339.short(sync.nextAttemptTime))
        sheet.add("issues waiting", "\(sync.queueLength)")
        sheet.add("longest wait", DurationText.short(sync.lag))
        sheet.add("calls last hour", "\(sync.callsLastHour)")
        sheet.add("calls left", sync.left)
        sheet.add("breaker", sync.breakerState.words, sync.breakerState.style)
        sheet.add("held back until", RFC3339.short(sync.blockedUntilTime), .busy)
        sheet.add("failures in a row", sync.failureCount > 0 ? "\(sync.failureCount)" : "", .bad)
        sheet.add("reason", sync.errorReason, .bad)
        sheet.add("what to do", sync.errorMessage)
        sheet.add(
            "errors last hour",
            sync.errorsLastHour.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: ", "))
        for warning in sync.warnings {
            sheet.add("warning", warning.kind.words, .busy)
            sheet.add("  what to do", warning.message)
            sheet.add("  last seen", warning.lastSight)
            sheet.add("  first seen", RFC3339.short(warning.firstSeenTime))
        }
        return sheet
    }
}

extension SourceSync {
    /// Calls left in the tracker's window; empty where it does not say.
    fileprivate var left: String { callsRemaining < 0 ? "" : "\(callsRemaining)" }
}

extension SourceSync {
    /// What is wrong; else how much will be.
    fileprivate var trouble: Table.Cell {
        guard errorMessage.isEmpty else { return Table.Cell(errorMessage, .bad) }
        switch warnings.count {
        case 0: return Table.Cell("")
        case 1: return Table.Cell("1 warning", .busy)
        default: return Table.Cell("\(warnings.count) warnings", .busy)
        }
    }
}

extension SourceWarning {
    fileprivate var lastSight: String {
        [RFC3339.short(lastSeenTime), "\(count) times", example].filter { !$0.isEmpty }
            .joined(separator: ", ")
    }
}

extension SourceWarningKind {
    fileprivate var words: String {
        switch self {
        case .apiGone: "a call is gone"
        case .sunset: "a call will be gone"
        case .deprecated: "a call is deprecated"
        case .unknownValue: "unknown value"
        case .missingField: "missing field"
        default: "of a kind that this client does not know"
        }
    }
}

extension BreakerState {
    fileprivate var words: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "probing"
        default: ""
        }
    }

    fileprivate var style: Style {
        switch self {
        case .closed: .good
        case .open: .bad
        case .halfOpen: .busy
        default: .plain
        }
    }
}
