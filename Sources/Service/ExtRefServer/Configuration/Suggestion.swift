// SPDX-License-Identifier: Apache-2.0

/// Guesses what a misspelt name was meant to be.
enum Suggestion {
    /// Most single-letter edits that still count as a slip.
    private static let editsMax = 3

    /// `; did you mean 'x'?`, or nothing when no known name is close.
    static func text(for name: String, among known: [String]) -> String {
        let closest = known.map { (name: $0, edits: edits(name, $0)) }.min { $0.edits < $1.edits }
        guard let closest, closest.edits <= min(editsMax, name.count / 2) else { return "" }
        return "; did you mean '\(closest.name)'?"
    }

    /// The Levenshtein distance.
    private static func edits(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (right[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
