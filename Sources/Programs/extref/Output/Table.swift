// SPDX-License-Identifier: Apache-2.0

/// Rows in aligned columns, for people. Programs read `--json`.
struct Table: Sendable {
    /// One column: its heading, and whether it may be shortened when the terminal is narrow.
    struct Column: Sendable {
        let heading: String
        let isShrinkable: Bool
        let alignsRight: Bool

        /// A column that is shown whole, such as an id.
        static func whole(_ heading: String) -> Column {
            Column(heading: heading, isShrinkable: false, alignsRight: false)
        }

        /// A column that gives way when the terminal is narrow, such as a title.
        static func shrinkable(_ heading: String) -> Column {
            Column(heading: heading, isShrinkable: true, alignsRight: false)
        }

        /// A column of numbers.
        static func number(_ heading: String) -> Column {
            Column(heading: heading, isShrinkable: false, alignsRight: true)
        }
    }

    /// One cell.
    struct Cell: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = TextWidth.printable(text)
            self.style = style
        }

        init(stringLiteral value: String) {
            self.init(value)
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    private static let gap = "  "

    /// Makes an empty table.
    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Whether it has no rows.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; it must have as many cells as there are columns.
    mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row needs one cell per column")
        rows.append(row)
    }

    /// Lays the table out: a line of headings, then one line per row.
    func lines(for terminal: Terminal) -> [String] {
        let widths = fittedWidths(to: terminal.columns)
        let headings = columns.map { Cell($0.heading, .strong) }
        return ([headings] + rows).map { line($0, widths: widths, terminal: terminal) }
    }

    private func line(_ cells: [Cell], widths: [Int], terminal: Terminal) -> String {
        var line = ""
        // Trailing spaces help nobody: padding is written only when something follows it.
        var pending = ""
        for (index, cell) in cells.enumerated() {
            let text = TextWidth.fit(cell.text, to: widths[index])
            let padding = String(repeating: " ", count: widths[index] - TextWidth.cells(text))
            let painted = cell.style.paint(text, on: terminal)
            if columns[index].alignsRight {
                line += pending + padding + painted
                pending = Self.gap
            } else if text.isEmpty {
                pending += padding + Self.gap
            } else {
                line += pending + painted
                pending = padding + Self.gap
            }
        }
        return line
    }

    /// Natural widths, with the widest shrinkable column giving way cell by cell until the line fits.
    private func fittedWidths(to limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(TextWidth.cells(columns[index].heading)) { max($0, TextWidth.cells($1[index].text)) }
        }
        guard let limit else { return widths }
        let gaps = Self.gap.utf8.count * max(0, columns.count - 1)
        var excess = widths.reduce(gaps, +) - limit
        while excess > 0, let widest = widestShrinkable(widths) {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func widestShrinkable(_ widths: [Int]) -> Int? {
        columns.indices
            .filter { columns[$0].isShrinkable && widths[$0] > CLILimits.cellColumnsMin }
            .max { widths[$0] < widths[$1] }
    }
}
