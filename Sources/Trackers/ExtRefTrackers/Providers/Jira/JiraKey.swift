// SPDX-License-Identifier: Apache-2.0

/// An issue key such as `TES-41`: the project's key, a hyphen and a number.
///
/// Jira compares keys without case and shows them in upper case. Cloud's project keys are 2 to 10 letters and
/// digits; an administrator of Data Center may allow longer ones and underscores.
struct JiraKey: Sendable, Hashable {
    /// Longest key of a project; as long as Data Center can be set to.
    static let projectLengthMax = 255
    /// Most digits of a number, here and in ids.
    static let digitsMax = 18
    /// The same as a pattern, for what admins see.
    static let pattern = "[A-Z][A-Z0-9_]{1,254}-[1-9][0-9]{0,17}"

    /// In upper case.
    let project: String
    /// A positive number without leading zeros.
    let number: Int64

    /// Reads a key in any case; nil when it is none.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, let project = Self.project(String(Substring(parts[0]))),
            let number = Self.number(String(Substring(parts[1])))
        else { return nil }
        self.project = project
        self.number = number
    }

    /// Makes the key of a known project's issue.
    init(project: String, number: Int64) {
        self.project = project
        self.number = number
    }

    /// As Jira writes it.
    var text: String { "\(project)-\(number)" }

    /// A project's key in upper case; nil when it is none.
    static func project(_ text: String) -> String? {
        guard (2...projectLengthMax).contains(text.utf8.count), let first = text.utf8.first, isLetter(first),
            text.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return text.uppercased()
    }

    /// A number as Jira writes it, which ids are too; nil when it is none.
    static func number(_ text: String) -> Int64? {
        guard (1...digitsMax).contains(text.utf8.count), text.utf8.allSatisfy(isDigit),
            text.utf8.first != UInt8(ascii: "0")
        else { return nil }
        return Int64(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
