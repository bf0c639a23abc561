// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A repository, by its owner and name.
struct ForgejoRepository: Hashable, Sendable {
    /// Longest owner or repository name (Forgejo: 40 and 100).
    private static let nameBytesMax = 100
    /// Owners that are pages of Forgejo itself (Forgejo, reserved user names).
    private static let reservedNames: Set<String> = [
        "admin", "api", "assets", "attachments", "avatars", "captcha", "explore", "issues", "login",
        "metrics", "milestones", "notifications", "org", "pulls", "repo", "repo-avatars", "search", "user",
        "users", "v2",
    ]

    let owner: String
    let name: String

    /// Joins an owner and a name.
    init?(owner: String, name: String) {
        guard Self.isName(owner), let first = owner.first, first.isLetter || first.isNumber,
            !Self.reservedNames.contains(owner.lowercased()), Self.isName(name)
        else { return nil }
        self.owner = owner
        self.name = name
    }

    /// Reads `owner/repo`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(owner: String(parts[0]), name: String(parts[1]))
    }

    /// The form in which allow-lists and keys name it.
    var text: String { "\(owner)/\(name)" }

    /// Where the API has it.
    var apiPath: [String] { ["repos", owner, name] }

    private static func isName(_ name: String) -> Bool {
        (1...nameBytesMax).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte)
            && !name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// What names an issue or pull request to people: `owner/repo#12`. Both are numbered in one row.
struct ForgejoKey: Hashable, Sendable {
    let repository: ForgejoRepository
    /// The number in the repository, without leading zeros.
    let number: String

    /// Joins a repository and a number.
    init?(_ repository: ForgejoRepository, number: String) {
        guard NumberKey.plain(number) != nil else { return nil }
        self.repository = repository
        self.number = number
    }

    /// Reads `owner/repo#12`.
    init?(_ text: String) {
        guard let mark = text.firstIndex(of: "#"), let repository = ForgejoRepository(String(text[..<mark]))
        else { return nil }
        self.init(repository, number: String(text[text.index(after: mark)...]))
    }

    var text: String { "\(repository.text)#\(number)" }
}
