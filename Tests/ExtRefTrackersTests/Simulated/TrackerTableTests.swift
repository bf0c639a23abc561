// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefTrackers

/// Holds the table of docs/trackers.md to what the adapters are. `scripts/tracker-table` writes it.
@Suite struct TrackerTableTests {
    private static let begin = "<!-- begin table -->"
    private static let end = "<!-- end table -->"

    private static var page: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/trackers.md").standardizedFileURL
    }

    @Test func `the page shows what works where`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let parts = text.components(separatedBy: Self.begin)
        let rest = try #require(parts.last?.components(separatedBy: Self.end))
        try #require(parts.count == 2 && rest.count == 2)
        let table = try TrackerTable(.standard).markdown
        if ProcessInfo.processInfo.environment["TEST_WRITE_TRACKER_TABLE"] == "1" {
            let written = parts[0] + Self.begin + "\n" + table + Self.end + rest[1]
            try written.write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(rest[0] == "\n" + table, "run scripts/tracker-table and commit the page")
        }
    }

    @Test func `nothing is missing in the five that everybody asks for`() throws {
        for id in [ProviderID.jiraCloud, .gitHub, .gitLab, .azureDevOps, .linear] {
            let row = try #require(try TrackerTable(.standard).rows.first { $0.id == id })
            #expect(row.cells.allSatisfy { $0 != "not yet" }, "\(id): \(row.cells)")
        }
    }

    @Test func `what a vendor is said to lack is not implemented`() throws {
        let rows = try TrackerTable(.standard).rows
        for (id, reasons) in TrackerTable.absences {
            let row = try #require(rows.first { $0.id == id }, "\(id) has no adapter")
            for (column, reason) in reasons {
                let index = try #require(TrackerTable.columns.firstIndex(of: column))
                #expect(row.cells[index] == "no", "\(id) has \(column) after all, said to be: \(reason)")
            }
        }
    }
}
