// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension AzureDevOpsWire {
    /// A work item with its relations.
    struct LinkedItem: Decodable, Sendable {
        let rev: Int64
        /// Absent when there are none.
        private let relations: Lenient<[Lenient<Relation>]>

        /// Hyperlinks by their places among all relations.
        private var hyperlinks: [(place: Int, relation: Relation)] {
            (relations.value ?? []).enumerated().compactMap { place, relation in
                relation.value.flatMap { $0.rel == "Hyperlink" ? (place, $0) : nil }
            }
        }
    }

    /// A link of an item to anything.
    struct Relation: Decodable, Sendable {
        /// What is said of the link.
        struct Attributes: Decodable, Sendable {
            let id: Lenient<Int64>
            let comment: Lenient<String>
        }

        let rel: String
        let url: String
        let attributes: Lenient<Attributes>

        /// The tracker's id of the link; empty when it has none.
        var id: String { attributes.value?.id.value.map { String($0) } ?? "" }
        /// What somebody wrote beside it.
        var comment: String { attributes.value?.comment.value ?? "" }
        /// The links of ours that it stands for; none when a person left it.
        var linkIDs: [String] { AzureDevOpsLinkComment.linkIDs(in: comment) }
    }
}

extension AzureDevOpsWire.LinkedItem {
    /// What the tracker calls the hyperlink that stands for a link; empty when it is a person's.
    func remoteID(of link: BackLink) -> String {
        hyperlinks.first { $0.relation.linkIDs.contains(link.linkID) }?.relation.id ?? ""
    }

    /// What to change so that the link is there once; nothing when it is. Removing comes last, so that the
    /// places named before it stay true.
    func stepsToPut(_ link: BackLink) -> [AzureDevOpsPatchStep] {
        let outdated = hyperlinks.filter {
            $0.relation.linkIDs.contains(link.linkID) && $0.relation.url != link.url
        }
        return stepsToJoin(link)
            + outdated.reversed().flatMap { Self.stepsToLeave($0.relation, at: $0.place, link) }
    }

    /// What to change so that the link is gone; nothing when it is, or when only a person's is there.
    func stepsToRemove(_ link: BackLink, remoteID: String) -> [AzureDevOpsPatchStep] {
        let ours = hyperlinks.filter { _, relation in
            let linkIDs = relation.linkIDs
            let lostItsComment = linkIDs.isEmpty && relation.url == link.url && relation.id == remoteID
            return linkIDs.contains(link.linkID) || lostItsComment && !remoteID.isEmpty
        }
        return ours.reversed().flatMap { Self.stepsToLeave($0.relation, at: $0.place, link) }
    }

    private func stepsToJoin(_ link: BackLink) -> [AzureDevOpsPatchStep] {
        guard let present = hyperlinks.first(where: { $0.relation.url == link.url }) else {
            let comment = AzureDevOpsLinkComment.text(link, linkIDs: [link.linkID])
            return [AzureDevOpsPatchStep("add", "/relations/-", .hyperlink(url: link.url, comment: comment))]
        }
        let linkIDs = present.relation.linkIDs
        // A person's own link serves as well, and stays theirs.
        guard !linkIDs.isEmpty else { return [] }
        let all = linkIDs.contains(link.linkID) ? linkIDs : linkIDs + [link.linkID]
        let comment = AzureDevOpsLinkComment.text(link, linkIDs: all)
        return comment == present.relation.comment ? [] : [Self.stepToComment(comment, at: present.place)]
    }

    private static func stepsToLeave(
        _ relation: AzureDevOpsWire.Relation, at place: Int, _ link: BackLink
    ) -> [AzureDevOpsPatchStep] {
        let others = relation.linkIDs.filter { $0 != link.linkID }
        guard !others.isEmpty else { return [AzureDevOpsPatchStep("remove", "/relations/\(place)")] }
        return [stepToComment(AzureDevOpsLinkComment.text(link, linkIDs: others), at: place)]
    }

    private static func stepToComment(_ comment: String, at place: Int) -> AzureDevOpsPatchStep {
        AzureDevOpsPatchStep("replace", "/relations/\(place)/attributes/comment", .text(comment))
    }
}

/// The comment of a hyperlink: what people read, and in brackets the links it stands for.
enum AzureDevOpsLinkComment {
    /// Longest comment (memory).
    private static let scalarsMax = 255
    /// Links named; of more only the last ones.
    private static let linkIDsMax = 5
    /// Of an id, behind its prefix: a ULID.
    private static let idLettersCount = 26

    /// Writes a comment.
    static func text(_ link: BackLink, linkIDs: [String]) -> String {
        let names = " (" + linkIDs.suffix(linkIDsMax).joined(separator: " ") + ")"
        let words = TrackerText.clean(
            "\(link.relationship): \(link.title)", scalarsMax: max(0, scalarsMax - names.unicodeScalars.count)
        )
        return words + names
    }

    /// The links that a comment names; none when it is not one of ours.
    static func linkIDs(in comment: String) -> [String] {
        guard comment.hasSuffix(")"), let open = comment.lastIndex(of: "(") else { return [] }
        let words = comment[comment.index(after: open)...].dropLast().split(separator: " ")
        return words.allSatisfy(isLinkID) ? words.map(String.init) : []
    }

    private static func isLinkID(_ word: Substring) -> Bool {
        let parts = word.split(separator: "_", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].count == idLettersCount
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
