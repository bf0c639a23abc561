// SPDX-License-Identifier: Apache-2.0

import Testing

/// One breach of a rule, with the place and what to do instead.
struct Finding: CustomStringConvertible, Sendable {
    let path: String
    /// Counted from 1; 0 when the whole file is meant.
    let line: Int
    let advice: String

    var description: String { line > 0 ? "\(path):\(line): \(advice)" : "\(path): \(advice)" }
}

/// Fails once with all findings, each on its own line.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
    guard !findings.isEmpty else { return }
    let list = findings.map(\.description).joined(separator: "\n")
    Issue.record("\(findings.count) found:\n\(list)", sourceLocation: sourceLocation)
}
