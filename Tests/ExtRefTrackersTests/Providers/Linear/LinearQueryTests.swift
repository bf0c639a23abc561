// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ExtRefTrackers

/// What a question costs by Linear's published rule: 0.1 for a property, 1 for an object, all of it times the
/// size of each list around it, which is 50 where none is given.
private struct Cost {
    private static let listDefault = 50.0

    private var tokens: ArraySlice<Substring>
    private var fragments: [String: Double] = [:]
    private(set) var points = 0.0

    /// - Parameter first: the size of the lists whose size varies.
    init(of document: String, first: Int) {
        var text = document
        for mark in ["{", "}", "(", ")", "[", "]", ":", ","] {
            text = text.replacing(mark, with: " \(mark) ")
        }
        tokens = text.split { $0 == " " || $0 == "\n" }[...]
        // Fragments stand behind the questions that use them, so that they are read first.
        if let start = tokens.firstIndex(of: "fragment") {
            var fragment = self
            fragment.tokens = tokens[start...].drop { $0 != "{" }.dropFirst()
            fragments["...\(tokens[start + 1])"] = fragment.selection(first: first)
            tokens = tokens[..<start]
        }
        skipHeader()
        points = selection(first: first)
    }

    /// Goes behind the brace that opens the outermost selection: past the kind, the name and the variables.
    private mutating func skipHeader() {
        tokens = tokens.dropFirst(2)
        if tokens.first == "(" { tokens = tokens.drop { $0 != ")" }.dropFirst() }
        tokens = tokens.dropFirst()
    }

    private mutating func selection(first: Int) -> Double {
        var sum = 0.0
        while let token = tokens.popFirst(), token != "}" {
            if let fragment = fragments[String(token)] {
                sum += fragment
                continue
            }
            let size = arguments(first: first)
            guard tokens.first == "{" else {
                sum += 0.1
                continue
            }
            tokens.removeFirst()
            let isList = tokens.first == "nodes"
            sum += 1 + selection(first: first) * (isList ? size ?? Self.listDefault : 1)
        }
        return sum
    }

    /// The size of a list, if its arguments say one.
    private mutating func arguments(first: Int) -> Double? {
        guard tokens.first == "(" else { return nil }
        var depth = 0
        var size: Double?
        while let token = tokens.popFirst() {
            if token == "(" { depth += 1 }
            if token == ")" { depth -= 1 }
            if token == "first", let value = tokens.dropFirst().first {
                size = Double(value) ?? Double(first)
            }
            if depth == 0 { break }
        }
        return size
    }
}

@Suite struct LinearQueryTests {
    private static let pointsMax = 10_000.0

    @Test(
        arguments: [
            (LinearQuery.issue, 1, 20.0...60),
            (LinearQuery.issues, LinearTracker().batchIssuesMax, 7_000...9_000),
            (LinearQuery.changedIssues, LinearTracker.changesPageSize, 2_500...4_000),
            (LinearQuery.search, TrackerLimits.searchResultsMax, 100...400),
            (LinearQuery.form, 1, 500...2_000),
            (LinearQuery.team, 1, 1...5), (LinearQuery.create, 1, 20...60), (LinearQuery.attach, 1, 1...5),
            (LinearQuery.attachments, 1, 50...300), (LinearQuery.detach, 1, 1...2),
            (LinearQuery.identity, 1, 1...10),
            (LinearQuery.read, 1, 1...5),
        ] as [(String, Int, ClosedRange<Double>)])
    func `no question costs more than Linear allows`(document: String, first: Int, range: ClosedRange<Double>)
    {
        let points = Cost(of: document, first: first).points
        #expect(points < Self.pointsMax && range.contains(points), "\(points)")
    }

    @Test func `the labels asked for are the labels counted`() {
        #expect(LinearQuery.issues.contains("labels(first: \(LinearQuery.labelsMax))"))
    }

    @Test func `several issues are never asked for by aliases`() {
        for document in [LinearQuery.issues, LinearQuery.changedIssues, LinearQuery.search] {
            #expect(!document.contains("issue(id:"))
        }
    }
}
