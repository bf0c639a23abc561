// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import FoundationEssentials
import Logging
import Synchronization
import Testing

@testable import ExtRefServer

@Suite struct JSONLogHandlerTests {
    private static func line(_ log: (Logger) -> Void) -> String {
        let lines = Lines()
        let logger = Logger(label: "test") { label in
            JSONLogHandler(
                label: label, level: .debug, clock: { Timestamp(milliseconds: 1_700_000_000_250) },
                write: { lines.append($0) })
        }
        log(logger)
        return lines.all
    }

    @Test func `one event is one line of JSON, its metadata as members`() {
        let line = Self.line { logger in
            logger.info(
                "call failed", metadata: ["method": "a/B", "nested": ["x": "1"], "list": ["a", "b"]])
        }
        #expect(
            line
                == #"{"time":"2023-11-14T22:13:20.250Z","level":"info","message":"call failed","logger":"test","#
                + #""list":["a","b"],"method":"a/B","nested":{"x":"1"}}"# + "\n")
    }

    @Test func `nothing breaks out of its line or its string`() throws {
        let line = Self.line { $0.info("x", metadata: ["k\"": "a\nb\u{1B}[31m\\\"\u{0}"]) }
        #expect(line.count(where: { $0 == "\n" }) == 1)
        let decoded = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(decoded["k\""] == "a\nb\u{1B}[31m\\\"\u{0}")
    }

    @Test func `events below the level are not written`() {
        #expect(Self.line { $0.trace("x") } == "")
    }
}

private final class Lines: Sendable {
    private let text = Mutex("")
    var all: String { text.withLock { $0 } }
    func append(_ line: String) { text.withLock { $0 += line } }
}
