// SPDX-License-Identifier: Apache-2.0

/// One thing shown whole: a label and its value per line, labels aligned.
struct Sheet: Sendable {
    private var entries: [(label: String, value: Table.Cell)] = []

    /// Adds a line, unless the value is empty: an absent field is not shown at all.
    mutating func add(_ label: String, _ value: String, _ style: Style = .plain) {
        guard !value.isEmpty else { return }
        entries.append((label, Table.Cell(value, style)))
    }

    /// Lays the sheet out. Values are never shortened: this is where people look for the whole text.
    func lines(for terminal: Terminal) -> [String] {
        let width = entries.map { TextWidth.cells($0.label) }.max() ?? 0
        return entries.map { label, value in
            let padding = String(repeating: " ", count: width - TextWidth.cells(label))
            return Style.faint.paint(label, on: terminal) + padding + "  "
                + value.style.paint(value.text, on: terminal)
        }
    }
}
