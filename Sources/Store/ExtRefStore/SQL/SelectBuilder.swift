// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

/// Composes a list query out of the filters that were asked for: each set of filters has one text, with the
/// values as parameters, so that connections keep it prepared.
struct SelectBuilder {
    private var text: String
    private(set) var values: [SQLValue] = []

    /// - Parameter text: the query up to and including its condition on the tenant, which is `$1`.
    init(_ text: String) {
        self.text = text
    }

    /// Adds ` AND ` and a condition whose `?` stand for the values in order.
    mutating func filter(_ condition: String, _ added: SQLValue...) {
        filter(condition, added)
    }

    /// The same with the values in a list.
    mutating func filter(_ condition: String, _ added: [SQLValue]) {
        text += " AND "
        append(condition, added)
    }

    /// Adds a condition only when there is a value for it.
    mutating func filter<Value>(_ condition: String, ifPresent value: Value?, _ bind: (Value) -> SQLValue) {
        if let value { filter(condition, bind(value)) }
    }

    /// Adds a condition that a column is one of some words; none at all means no condition.
    mutating func filter(_ column: String, oneOf words: some Collection<String>) {
        guard !words.isEmpty else { return }
        filter("\(column) IN (SELECT x.value FROM {LIST ?} x)", .texts(words.sorted()))
    }

    /// Adds what ends the query.
    mutating func finish(_ ending: String, _ added: SQLValue...) {
        text += " "
        append(ending, added)
    }

    private mutating func append(_ fragment: String, _ added: [SQLValue]) {
        var added = added[...]
        for character in fragment {
            guard character == "?", let value = added.popFirst() else {
                text.append(character)
                continue
            }
            values.append(value)
            text += "$\(values.count + 1)"
        }
    }

    /// The composed statement.
    var statement: SQLStatement { SQLStatement(composed: text) }
}
