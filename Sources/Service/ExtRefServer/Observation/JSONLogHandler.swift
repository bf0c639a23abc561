// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
import FoundationEssentials
public import Logging
import SystemPackage

/// Writes one JSON object a line to standard error, for log collectors.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let clock: WallClock
    private let write: @Sendable (String) -> Void

    /// Makes a handler.
    public init(label: String, level: Logger.Level, clock: @escaping WallClock) {
        self.init(label: label, level: level, clock: clock, write: Self.writeToStandardError)
    }

    /// Makes a handler with a destination of its own, for tests.
    init(
        label: String, level: Logger.Level, clock: @escaping WallClock,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.logLevel = level
        self.clock = clock
        self.write = write
    }

    /// One write keeps lines of different threads apart; when it fails there is nobody left to tell.
    private static func writeToStandardError(_ line: String) {
        _ = try? FileDescriptor.standardError.writeAll(line.utf8)
    }

    /// Metadata of every event of the logger.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one event.
    public func log(event: LogEvent) {
        var fields: [(String, Logger.Metadata.Value)] = [
            ("time", .string(time)),
            ("level", .string(event.level.rawValue)), ("message", .string(event.message.description)),
            ("logger", .string(label)),
        ]
        var all = metadata.merging(metadataProvider?.get() ?? [:]) { _, new in new }
        all.merge(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { all["error"] = .string("\(error)") }
        fields += all.sorted { $0.key < $1.key }
        write(JSONLine.text(fields) + "\n")
    }

    private var time: String {
        Date(timeIntervalSince1970: Double(clock().milliseconds) / 1_000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// The few JSON shapes that log metadata has.
private enum JSONLine {
    static func text(_ fields: [(String, Logger.Metadata.Value)]) -> String {
        "{" + fields.map { quoted($0.0) + ":" + text($0.1) }.joined(separator: ",") + "}"
    }

    private static func text(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value): quoted("\(value)")
        case .array(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .dictionary(let fields): text(fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
