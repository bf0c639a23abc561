// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// One of GitHub's global ids.
///
/// GitHub has two spellings for one object and is retiring the older: `MDU6SXNzdWUx` (Base64 of `05:Issue1`)
/// and `I_kwDOAAABAc4AAAAB` (Base64 of a MessagePack list that ends with the same number). Ids are opaque to
/// us but for one question: whether two of them that differ are one issue.
enum GitHubNodeID {
    /// Longest id that is believed; today's have up to 30 characters.
    private static let bytesMax = 128

    /// Whether it can be an id at all; it is kept and compared, never sent.
    static func isSound(_ id: String) -> Bool {
        (1...bytesMax).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_-=+/".utf8.contains(byte)
                }
            }
    }

    /// Whether both name the same issue or pull request, each in its own spelling.
    static func areSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard let left = object(left), let right = object(right) else { return false }
        return left == right
    }

    /// What an id names.
    private struct Object: Equatable {
        let isPullRequest: Bool
        let number: UInt64

        init?(_ number: UInt64?, isPullRequest: Bool) {
            guard let number else { return nil }
            self.number = number
            self.isPullRequest = isPullRequest
        }
    }

    /// Nil for all that is neither spelling.
    private static func object(_ id: String) -> Object? {
        if id.hasPrefix("I_") { return Object(number(packed: id.dropFirst(2)), isPullRequest: false) }
        if id.hasPrefix("PR_") { return Object(number(packed: id.dropFirst(3)), isPullRequest: true) }
        guard let bytes = Data(base64Encoded: id), let text = String(data: bytes, encoding: .utf8) else {
            return nil
        }
        // The digits ahead of the colon are the length of the kind's name.
        let words = text.drop { $0 != ":" }.dropFirst()
        let kind = words.prefix { $0.isLetter }
        guard kind == "Issue" || kind == "PullRequest" else { return nil }
        return Object(UInt64(words[kind.endIndex...]), isPullRequest: kind == "PullRequest")
    }

    /// The last number of a MessagePack list `[0, repository, object]` in URL-safe Base64 without padding.
    private static func number(packed text: Substring) -> UInt64? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: plain + padding), data.first == listOfThree else { return nil }
        var bytes = Array(data)[1...]
        var last: UInt64?
        for _ in 0..<3 {
            guard let number = unsigned(&bytes) else { return nil }
            last = number
        }
        return bytes.isEmpty ? last : nil
    }

    private static let listOfThree: UInt8 = 0x93

    private static func unsigned(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        guard let mark = bytes.popFirst() else { return nil }
        let length: Int
        switch mark {
        case 0...0x7F: return UInt64(mark)
        case 0xCC...0xCF: length = 1 << Int(mark - 0xCC)
        default: return nil
        }
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
