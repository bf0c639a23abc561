// SPDX-License-Identifier: Apache-2.0

/// Rows in aligned columns, for people. Programs read `--json`.
struct Table: Sendable {
    /// One column: its heading, and how it behaves where there is little room.
    struct Column: Sendable {
        let heading: String
        var isShrinkable = false
        var yields = false
        var alignsRight = false

        /// A column that is shown whole, such as a state.
        static func whole(_ heading: String) -> Column {
            Column(heading: heading)
        }

        /// A column that is shown whole or, where all others would suffer, not at all: an id.
        static func yielding(_ heading: String) -> Column {
            Column(heading: heading, yields: true)
        }

        /// A column that gets shorter where there is little room, such as a title.
        static func shrinkable(_ heading: String) -> Column {
            Column(heading: heading, isShrinkable: true)
        }

        /// A column of numbers.
        static func number(_ heading: String) -> Column {
            Column(heading: heading, alignsRight: true)
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

    /// Lays the table out: a line of headings, then one line per row. A column without any text is left out.
    func lines(for terminal: Terminal) -> [String] {
        let layout = layout(on: terminal)
        let headings = columns.map { Cell($0.heading, .strong) }
        return ([headings] + rows).map { line($0, layout, terminal) }
    }

    /// The headings of columns that gave way to the others on this terminal.
    func leftOut(on terminal: Terminal) -> [String] {
        let shown = Set(layout(on: terminal).map(\.column))
        return filled.filter { !shown.contains($0) }.map { columns[$0].heading }
    }

    /// One visible column.
    private typealias Place = (column: Int, width: Int)

    private func line(_ cells: [Cell], _ layout: [Place], _ terminal: Terminal) -> String {
        var line = ""
        // Trailing spaces help nobody: padding is written only when something follows it.
        var pending = ""
        for (column, width) in layout {
            let text = TextWidth.fit(cells[column].text, to: width)
            let padding = String(repeating: " ", count: width - TextWidth.cells(text))
            let painted = cells[column].style.paint(text, on: terminal)
            if columns[column].alignsRight {
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
}

// MARK: Layout

extension Table {
    /// Columns with text in at least one row.
    private var filled: [Int] {
        columns.indices.filter { column in rows.contains { !$0[column].text.isEmpty } }
    }

    /// Natural widths where they fit. Else ids give way if that saves the rest from losing a quarter, and the
    /// widest shrinkable column gives way cell by cell.
    private func layout(on terminal: Terminal) -> [Place] {
        var places = filled.map { (column: $0, width: naturalWidth($0)) }
        guard let limit = terminal.columns else { return places }
        let shrinkable = places.filter { columns[$0.column].isShrinkable }.reduce(0) { $0 + $1.width }
        if Self.width(of: places) - limit > shrinkable / 4 { places.removeAll { columns[$0.column].yields } }
        var excess = Self.width(of: places) - limit
        while excess > 0, let widest = widestShrinkable(places) {
            places[widest].width -= 1
            excess -= 1
        }
        return places
    }

    private func naturalWidth(_ column: Int) -> Int {
        rows.reduce(TextWidth.cells(columns[column].heading)) { max($0, TextWidth.cells($1[column].text)) }
    }

    private static func width(of places: [Place]) -> Int {
        places.reduce(0) { $0 + $1.width } + gap.utf8.count * max(0, places.count - 1)
    }

    private func widestShrinkable(_ places: [Place]) -> Int? {
        places.indices
            .filter { columns[places[$0].column].isShrinkable && places[$0].width > CLILimits.cellColumnsMin }
            .max { places[$0].width < places[$1].width }
    }
}
