// SPDX-License-Identifier: Apache-2.0

/// A query's result as Trac exports it: tab-separated values with a byte order mark, quoted where a value
/// holds a quote or a line end.
struct TracTable: Sendable, Hashable {
    /// Most rows read; a page has at most a hundred.
    private static let rowsMax = 1_000

    /// The first line: names of the columns, in the language of whoever asks. Empty when there is nothing.
    let head: [String]
    let rows: [[String]]

    /// Reads an answer.
    /// - Throws: ``TrackerError/Code/badResponse`` when it is no such text.
    init(_ response: TrackerResponse) throws(TrackerError) {
        guard response.body.count <= TrackerLimits.jsonBytesMax else {
            throw TrackerError(.badResponse, "The tracker's answer is larger than allowed.")
        }
        let isTable = ["", "text/tab-separated-values"].contains(response.mediaType)
        guard isTable, let text = String(validating: response.body, as: UTF8.self) else {
            throw TrackerError(.badResponse, "The tracker's answer is not the table that was expected.")
        }
        let lines = Self.lines(text)
        head = lines.first ?? []
        rows = Array(lines.dropFirst())
    }

    /// Splits into lines of values (RFC 4180 with tabs).
    private static func lines(_ text: String) -> [[String]] {
        var lines = [[String]]()
        var line = [String]()
        var value = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        while let scalar = scalars.popFirst(), lines.count <= rowsMax {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                value.append(scalar)
                scalars.removeFirst()
            case "\"" where isQuoted || value.isEmpty: isQuoted.toggle()
            case "\t" where !isQuoted:
                line.append(String(value))
                value.removeAll()
            case "\n" where !isQuoted:
                lines.append(line + [String(value)])
                line.removeAll()
                value.removeAll()
            case "\r" where !isQuoted: break
            default: value.append(scalar)
            }
        }
        if !line.isEmpty || !value.isEmpty { lines.append(line + [String(value)]) }
        return lines.filter { $0 != [""] }
    }
}
