// SPDX-License-Identifier: Apache-2.0

/// What stands between two empty lines of a stream of server-sent events.
public struct EventBlock: Sendable, Hashable {
    public var id: String?
    public var event: String?
    /// The lines of data, joined; nil when there is none, and so no event for a browser.
    public var data: String?
    public var retry: Int?
    public var comments: [String] = []
    /// Lines that are none of these.
    public var strangeLines: [String] = []

    /// Reads the lines of a block.
    /// Source: WHATWG HTML, 9.2.6 "Interpreting an event stream".
    public init(lines: [String]) {
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(parts[1]) : ""
            if value.first == " " { value.removeFirst() }
            switch parts[0] {
            case "": comments.append(value)
            case "id": id = value
            case "event": event = value
            case "data": data = data.map { $0 + "\n" + value } ?? value
            case "retry": retry = Int(value)
            default: strangeLines.append(line)
            }
        }
    }

    /// Takes whole blocks off the front of a text whose lines end with LF; what is not whole stays.
    public static func take(from text: inout String) -> [EventBlock] {
        var blocks: [EventBlock] = []
        while let end = text.firstRange(of: "\n\n") {
            let lines = text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
            blocks.append(EventBlock(lines: lines.map(String.init)))
            text.removeSubrange(..<end.upperBound)
        }
        return blocks
    }
}
