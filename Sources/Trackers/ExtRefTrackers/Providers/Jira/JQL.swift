// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Jira's query language, as far as it is written here. Values never come into a query unquoted.
enum JQL {
    /// A value in quotation marks.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted.unicodeScalars.append("\\")
                quoted.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control: quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Membership in a list of values.
    static func isOne(of values: [String], _ field: String) -> String {
        values.count == 1
            ? "\(field) = \(quoted(values[0]))"
            : "\(field) in (\(values.map(quoted).joined(separator: ", ")))"
    }

    /// At or after a time.
    ///
    /// A bare number is read as milliseconds since 1970, on Cloud and on Data Center since Jira 4.0; a date
    /// in quotation marks would be read in the time zone of the account, which nobody here knows.
    static func since(_ time: Timestamp, _ field: String) -> String {
        "\(field) >= \(max(0, time.milliseconds))"
    }

    /// Issues whose summary holds all words, the last of which may go on; nil when there is no word.
    ///
    /// The words are asked for twice: Jira reduces words to their stem, and what ends in `*` it does not
    /// reduce.
    static func summary(_ words: String) -> String? {
        let words = textQuery(words)
        guard !words.isEmpty else { return nil }
        return "(summary ~ \(quoted(words)) OR summary ~ \(quoted(words + "*")))"
    }

    /// The words without what the text search takes for operators. They are left out rather than escaped,
    /// because the index does not hold punctuation; small letters keep AND, OR and NOT plain words.
    private static func textQuery(_ words: String) -> String {
        let separated = String(words.map { isOperator($0) ? " " : $0 })
        return separated.lowercased().split(separator: " ")
            .filter { $0.contains { $0.isLetter || $0.isNumber } }
            .map { word in word.dropLast(while: { !$0.isLetter && !$0.isNumber }) }
            .joined(separator: " ")
    }

    private static func isOperator(_ character: Character) -> Bool {
        "+-&|!(){}[]^\"~*?\\:/<>=".contains(character)
    }
}

extension Substring {
    fileprivate func dropLast(while isDropped: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isDropped(last) { text.removeLast() }
        return text
    }
}
