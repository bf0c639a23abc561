// SPDX-License-Identifier: Apache-2.0

import Foundation
import RPC
import TTRPC
import Testing

/// One rule of the protocol as bytes; see `Scripts/README.md`.
struct Script: Sendable, CustomTestStringConvertible {
    var rule: String
    var settings = ServerConnectionSettings()
    var lines: [Line] = []

    var testDescription: String { rule }

    enum Line: Sendable, Hashable {
        case receive([UInt8])
        case act(Action)
        case expect(Event)
    }

    enum Action: Sendable, Hashable {
        case answer(UInt32, textBytes: Int?, first: Bool)
        case fail(UInt32, RPCCode)
        case wait(Duration)
        case eof, lost, drain, notice
    }

    /// What the machine did.
    enum Event: Sendable, Hashable {
        case start(UInt32, String, [String])
        case cancel(UInt32)
        case frame([UInt8])
        case error(UInt32, String)
        case close(String)
    }

    struct Malformed: Error {
        let line: String
    }

    static let all: [Script] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts")
        let names = ["calls", "faults", "sizes", "limits"]
        do {
            return try names.flatMap { name in
                try read(String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8))
            }
        } catch {
            Issue.record("the scripts do not read: \(error)")
            return []
        }
    }()

    static func read(_ text: String) throws -> [Script] {
        var scripts: [Script] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("== ") {
                scripts.append(Script(rule: String(line.dropFirst(3))))
            } else if let last = scripts.indices.last {
                try scripts[last].append(line)
            }
        }
        return scripts
    }

    private mutating func append(_ line: Substring) throws {
        let words = line.split(separator: " ").map(String.init)
        guard let mark = words.first else { return }
        switch mark {
        case "set": try set(words)
        case ">": lines.append(.receive(try ScriptBytes.read(line.dropFirst())))
        case "!": lines.append(.act(try Self.action(words)))
        case "<": lines += try Self.events(words, line)
        default: throw Malformed(line: String(line))
        }
    }

    private mutating func set(_ words: [String]) throws {
        guard words.count == 3, let value = Int(words[2]) else {
            throw Malformed(line: words.joined(separator: " "))
        }
        switch words[1] {
        case "responseBytesMax": settings.responseBytesMax = value
        case "requestBytesMax": settings.requestBytesMax = value
        case "inFlightMax": settings.inFlightMax = value
        case "faultsMax": settings.faultsMax = value
        case "idleMilliseconds": settings.idleDuration = .milliseconds(value)
        default: throw Malformed(line: words.joined(separator: " "))
        }
    }

    private static func action(_ words: [String]) throws -> Action {
        let numbers = words.dropFirst(2).compactMap { UInt32($0) }
        switch (words.dropFirst().first, numbers.count) {
        case ("eof", 0): return .eof
        case ("lost", 0): return .lost
        case ("drain", 0): return .drain
        case ("notice", 0): return .notice
        case ("wait", 1): return .wait(.milliseconds(numbers[0]))
        case ("answer", 1): return .answer(numbers[0], textBytes: nil, first: false)
        case ("answer-first", 1): return .answer(numbers[0], textBytes: nil, first: true)
        case ("answer", 2): return .answer(numbers[0], textBytes: Int(numbers[1]), first: false)
        case ("fail", 1):
            guard let code = codes[words[3]] else { throw Malformed(line: words.joined(separator: " ")) }
            return .fail(numbers[0], code)
        default: throw Malformed(line: words.joined(separator: " "))
        }
    }

    private static func events(_ words: [String], _ line: Substring) throws -> [Line] {
        guard words.count > 2 else { throw Malformed(line: String(line)) }
        let number = UInt32(words[2])
        switch (words[1], number) {
        case ("start", let id?): return [.expect(.start(id, words[3], Array(words.dropFirst(4))))]
        case ("cancel", let id?): return [.expect(.cancel(id))]
        case ("close", _): return [.expect(.close(words[2]))]
        case ("error", let id?):
            let count = words.count == 5 ? Int(words[4].dropFirst()) ?? 1 : 1
            return Array(repeating: .expect(.error(id, words[3])), count: count)
        default: return [.expect(.frame(try ScriptBytes.read(line.dropFirst())))]
        }
    }

    private static let codes = Dictionary(
        uniqueKeysWithValues: (0...16).map { (RPCCode(rawValue: $0).description, RPCCode(rawValue: $0)) })
}
