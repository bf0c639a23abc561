// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A project or a group of GitLab, by its full path.
///
/// GitLab reserves `groups` as a name at the top, so `groups/team` can mean nothing but the group `team`.
struct GitLabPlace: Hashable, Sendable {
    private static let groupMark = "groups"
    /// A project lies in a group or below a user.
    private static let projectPartsMin = 2
    /// Longest part of a path (GitLab, `Namespace::URL_MAX_LENGTH`).
    private static let partBytesMax = 255
    /// Names at the top that are pages of GitLab itself (GitLab, reserved names).
    private static let reservedNames: Set<String> = [
        "admin", "api", "assets", "dashboard", "explore", "files", "groups", "health_check", "help", "import",
        "jwt", "login", "oauth", "profile", "projects", "public", "s", "search", "snippets", "unsubscribes",
        "uploads", "users", "v2",
    ]

    /// The full path, such as `team/sub/app`.
    let path: String
    let isGroup: Bool

    /// Takes the parts of a path, `groups` ahead of those of a group.
    init?(_ parts: some Collection<String>) {
        let isGroup = parts.first == Self.groupMark
        let own = isGroup ? Array(parts.dropFirst()) : Array(parts)
        guard own.count >= (isGroup ? 1 : Self.projectPartsMin), let first = own.first,
            !Self.reservedNames.contains(first.lowercased()), own.allSatisfy(Self.isPart)
        else { return nil }
        path = own.joined(separator: "/")
        self.isGroup = isGroup
    }

    /// Reads `team/app` and `groups/team`.
    init?(_ text: String) {
        self.init(text.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }

    /// The form in which allow-lists and keys name it.
    var text: String { isGroup ? Self.groupMark + "/" + path : path }

    /// Letters, digits, `_`, `-` and `.`; a part that starts with `-` is one of GitLab's own pages.
    private static func isPart(_ part: String) -> Bool {
        (1...partBytesMax).contains(part.utf8.count) && !part.hasPrefix("-")
            && !part.utf8.allSatisfy { $0 == UInt8(ascii: ".") } && part.utf8.allSatisfy(isPathByte)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
