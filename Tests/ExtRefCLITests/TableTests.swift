// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import extref

@Suite struct TableTests {
    private static let pipe = Terminal(columns: nil, hasColors: false)

    private static func sample() -> Table {
        var table = Table([.whole("ID"), .shrinkable("TITLE"), .number("LINKS")])
        table.append(["a1", "Checkout fails for every customer in Japan 日本", "7"])
        table.append(["b22", "Short", "12"])
        return table
    }

    @Test func `a pipe gets every cell whole`() {
        #expect(
            Self.sample().lines(for: Self.pipe) == [
                "ID   TITLE                                            LINKS",
                "a1   Checkout fails for every customer in Japan 日本      7",
                "b22  Short                                               12",
            ])
    }

    @Test(arguments: 40...70)
    func `no line is wider than the terminal, and ids stay whole`(columns: Int) {
        let lines = Self.sample().lines(for: Terminal(columns: columns, hasColors: false))
        for line in lines { #expect(TextWidth.cells(line) <= columns, "\(line)") }
        #expect(lines[2].hasPrefix("b22  Short"))
        #expect(lines[1].hasSuffix("7"))
    }

    @Test func `colours add escape sequences and take no width`() {
        var table = Table([.shrinkable("STATE"), .whole("NAME")])
        table.append([Table.Cell("done", .good), "x"])
        let plain = table.lines(for: Self.pipe)
        let painted = table.lines(for: Terminal(columns: 80, hasColors: true))
        #expect(plain[1] == "done   x")
        #expect(painted[1] == "\u{1B}[32mdone\u{1B}[0m   x")
    }

    @Test func `empty cells leave no trailing space`() {
        var table = Table([.whole("A"), .whole("B"), .whole("C")])
        table.append(["1", "", ""])
        table.append(["1", "2", "3"])
        table.append(["1", "", "3"])
        #expect(table.lines(for: Self.pipe) == ["A  B  C", "1", "1  2  3", "1     3"])
    }

    @Test func `a column without text is left out`() {
        var table = Table([.whole("KEY"), .shrinkable("FAILURE"), .whole("STATE")])
        table.append(["1", "", "new"])
        #expect(table.lines(for: Self.pipe) == ["KEY  STATE", "1    new"])
        #expect(table.leftOut(on: Self.pipe) == [])
    }

    @Test func `an id gives way only where the rest would lose a quarter`() {
        var table = Table([.yielding("ID"), .shrinkable("TITLE")])
        table.append(["0123456789", "twenty letters of it"])
        let (roomy, tight) = (
            Terminal(columns: 28, hasColors: false), Terminal(columns: 26, hasColors: false)
        )
        #expect(table.lines(for: roomy)[1] == "0123456789  twenty letters …")
        #expect(table.leftOut(on: roomy) == [])
        #expect(table.lines(for: tight)[1] == "twenty letters of it")
        #expect(table.leftOut(on: tight) == ["ID"])
    }

    @Test func `escape sequences of foreign text are gone`() {
        var table = Table([.whole("T")])
        table.append([Table.Cell("\u{1B}]0;owned\u{07}")])
        #expect(table.lines(for: Self.pipe)[1] == " ]0;owned ")
    }

    @Test func `a sheet aligns its values and leaves absent ones out`() {
        var sheet = Sheet()
        sheet.add("key", "42")
        sheet.add("title", "Checkout fails")
        sheet.add("note", "")
        #expect(sheet.lines(for: Self.pipe) == ["key    42", "title  Checkout fails"])
    }
}
