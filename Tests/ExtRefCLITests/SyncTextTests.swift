// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages
import Testing

@testable import extref

@Suite struct SyncTextTests {
    private static let pipe = Terminal(columns: nil, hasColors: false)

    private static func source(_ edit: (inout SourceSync) -> Void = { _ in }) -> Source {
        var sync = SourceSync(
            lastPassTime: GoogleTimestamp(seconds: 1_795_046_400), queueLength: 7,
            lag: GoogleDuration(seconds: 95), callsLastHour: 60, callsRemaining: 4_940, breakerState: .closed)
        edit(&sync)
        return Source(displayName: "Our tracker", state: .enabled, sync: sync)
    }

    @Test func `a source is one line with what an operator looks for first`() {
        let lines = SyncText.table([Self.source()]).lines(for: Self.pipe)
        #expect(lines.count == 2)
        for part in ["Our tracker", "enabled", "2026-11-19 00:00:00", "7", "95.0 s", "60", "4940", "closed"] {
            #expect(lines[1].contains(part), "\(part)")
        }
    }

    @Test func `what a tracker does not tell is not invented`() {
        let lines = SyncText.sheet(Self.source { $0.callsRemaining = -1 }).lines(for: Self.pipe)
        #expect(!lines.contains { $0.contains("calls left") })
        #expect(!lines.contains { $0.contains("failures") || $0.contains("held back") })
    }

    @Test func `trouble comes with its reason and the way out`() {
        let lines = SyncText.sheet(
            Self.source { sync in
                sync.failureCount = 3
                sync.errorReason = "TRACKER_CREDENTIALS_REJECTED"
                sync.errorMessage = "Enter a new token.\u{1B}[2J"
                sync.breakerState = .open
                sync.blockedUntilTime = GoogleTimestamp(seconds: 1_795_046_460)
                sync.errorsLastHour = ["TRACKER_TIMED_OUT": 1, "TRACKER_CREDENTIALS_REJECTED": 2]
            }
        ).lines(for: Self.pipe).joined(separator: "\n")
        for part in [
            "3", "TRACKER_CREDENTIALS_REJECTED", "Enter a new token.", "open", "2026-11-19 00:01:00",
            "TRACKER_CREDENTIALS_REJECTED: 2, TRACKER_TIMED_OUT: 1",
        ] { #expect(lines.contains(part), "\(part)") }
        #expect(!lines.contains("\u{1B}"))
    }

    @Test func `warnings are counted in the table and told one by one`() {
        let sunset = SourceWarning(
            kind: .sunset, message: "The tracker announces the end of a call.",
            example: "GET /issues/7.json\u{1B}[2J",
            firstSeenTime: GoogleTimestamp(seconds: 1_795_046_400),
            lastSeenTime: GoogleTimestamp(seconds: 1_795_046_460), count: 61)
        let value = SourceWarning(
            kind: .unknownValue, subject: "state: frozen", message: "The tracker uses state: frozen.")
        let one = Self.source { $0.warnings = [sunset] }
        let two = Self.source { $0.warnings = [sunset, value] }
        #expect(SyncText.table([one]).lines(for: Self.pipe)[1].hasSuffix("1 warning"))
        #expect(SyncText.table([two]).lines(for: Self.pipe)[1].hasSuffix("2 warnings"))
        let failing = Self.source { sync in
            sync.warnings = [sunset]
            sync.errorMessage = "Enter a new token."
        }
        #expect(SyncText.table([failing]).lines(for: Self.pipe)[1].hasSuffix("Enter a new token."))
        let sheet = SyncText.sheet(two).lines(for: Self.pipe).joined(separator: "\n")
        for part in [
            "a call will be gone", "announces the end", "2026-11-19 00:01:00, 61 times, GET /issues/7.json",
            "unknown value", "state: frozen",
        ] { #expect(sheet.contains(part), "\(part)") }
        #expect(!sheet.contains("\u{1B}"))
        #expect(!SyncText.sheet(Self.source()).lines(for: Self.pipe).contains { $0.contains("warning") })
    }

    @Test(arguments: [["--every", "0s"], ["--every", "soon"], ["--count", "0"]])
    func `a look that makes no sense is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try SyncWatch.parse(arguments) }
    }
}
