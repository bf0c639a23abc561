// SPDX-License-Identifier: Apache-2.0

/// A repository, as `owner/name`: what GitHub's issues belong to, and what an allow-list names.
struct GitHubRepository: Sendable, Hashable {
    /// Longest login, and longest name of a repository (GitHub's own forms refuse more).
    private static let ownerBytesMax = 39
    private static let nameBytesMax = 100

    let owner: String
    let name: String

    var text: String { "\(owner)/\(name)" }

    /// Reads `owner/name`; nil when it is outside GitHub's grammar.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    /// Joins two names; nil when one of them is outside GitHub's grammar.
    init?(owner: String, name: String) {
        guard Self.isOwner(owner), Self.isName(name) else { return nil }
        self.owner = owner
        self.name = name
    }

    /// GitHub compares names without case.
    func isSame(as other: GitHubRepository) -> Bool { text.lowercased() == other.text.lowercased() }

    /// Letters, digits and hyphens, no hyphen first; managed users have `_` and their enterprise's short code
    /// behind it.
    private static func isOwner(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, first.first != UInt8(ascii: "-"),
            (1...ownerBytesMax).contains(first.count),
            first.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
        else { return false }
        guard parts.count == 2 else { return true }
        return (1...ownerBytesMax).contains(parts[1].count) && parts[1].allSatisfy(isAlphanumeric)
    }

    private static func isName(_ text: String) -> Bool {
        (1...nameBytesMax).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { isAlphanumeric($0) || ".-_".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// `owner/name#number`: the name of an issue or pull request, which share one row of numbers.
struct GitHubKey: Sendable, Hashable {
    /// Most digits of a number. GitHub's own counter, and GraphQL's `Int`, hold 31 bits.
    static let digitsMax = 9
    /// Both grammars once more, for people and pattern matchers.
    static let pattern =
        "[A-Za-z0-9][A-Za-z0-9-]{0,38}(_[A-Za-z0-9]{1,39})?/[A-Za-z0-9._-]{1,100}#[1-9][0-9]{0,8}"

    let repository: GitHubRepository
    let number: Int

    var text: String { "\(repository.text)#\(number)" }

    /// Joins what is sound already.
    init(_ repository: GitHubRepository, _ number: Int) {
        self.repository = repository
        self.number = number
    }

    /// Reads `owner/name#number`.
    init?(_ text: String) {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let repository = GitHubRepository(parts[0]),
            let number = Self.number(parts[1])
        else { return nil }
        self.init(repository, number)
    }

    /// Reads the parts of an address.
    init?(owner: String, name: String, number: some StringProtocol) {
        guard let repository = GitHubRepository(owner: owner, name: name), let number = Self.number(number)
        else { return nil }
        self.init(repository, number)
    }

    /// Reads a number as GitHub writes it: digits, no zero first.
    static func number(_ text: some StringProtocol) -> Int? {
        guard (1...digitsMax).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// Whether a number that GitHub wrote as a number fits the grammar.
    static func isNumber(_ number: Int) -> Bool { Self.number(String(number)) != nil }
}
