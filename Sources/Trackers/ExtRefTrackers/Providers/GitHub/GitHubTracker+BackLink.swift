// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// A back-link is a comment. It ends in a hidden line with our link's id, by which it is found again. GitHub
/// leads from a transferred issue to its new place, but not from its comments: the issue is therefore asked
/// first.
extension GitHubTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .comment }

    /// Pages of comments looked through for our own: a thousand comments.
    private static let commentPagesMax = 10

    private struct Comment: Decodable, Sendable {
        let id: Int64
        let body: Lenient<String>
    }

    private struct Body: Encodable {
        let body: String
    }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        try requireCredentials(source)
        let text = Self.text(of: link)
        return try fetch(issue, from: source).then { (issue) throws(TrackerError) in
            let key = try key(of: IssueReference(key: issue.key))
            return try find(link, on: key, in: source).then { (comment) throws(TrackerError) in
                guard let comment else { return try post(text, on: key, in: source) }
                guard comment.body.value != text else { return .done(String(comment.id)) }
                return try change(comment.id, to: text, of: key.repository, in: source)
            }
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        try requireCredentials(source)
        let key = try key(of: issue)
        guard let id = Int64(remoteID), id > 0 else { return try search(link, on: issue, in: source) }
        return try delete(id, of: key.repository, in: source).then { (isGone) throws(TrackerError) in
            isGone ? .done(()) : try search(link, on: issue, in: source)
        }
    }

    /// Removes a comment whose number is not known, or no longer good because the issue moved.
    private func search(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        try place(of: issue, in: source).then { (key) throws(TrackerError) in
            guard let key else { return .done(()) }
            return try find(link, on: key, in: source).then { (comment) throws(TrackerError) in
                guard let comment else { return .done(()) }
                return try delete(comment.id, of: key.repository, in: source).map { _ in }
            }
        }
    }

    /// Where an issue is now; nil when it is not there any more.
    private func place(
        of issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<GitHubKey?> {
        var request = try get(try key(of: issue).path(), from: source)
        request.followsMoves = true
        request.acceptedStatuses = [404, 410]
        return .send(request) { (response) throws(TrackerError) in
            guard try isThere(response) else { return nil }
            return GitHubKey(try readIssue(response, askedFor: issue, from: source).key)
        }
    }
}

// MARK: - Comments

extension GitHubTracker {
    /// Finds our comment: the one that ends in our line, which a quotation of it does not.
    private func find(
        _ link: BackLink, on key: GitHubKey, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Comment?> {
        let request = try get(
            key.path("comments"), query: [(name: "per_page", value: String(Self.pageRowsMax))], from: source)
        let marker = Self.marker(of: link)
        let isOurs: @Sendable (Comment) -> Bool = {
            $0.id > 0 && $0.body.value?.trimmingBlanks().hasSuffix(marker) == true
        }
        return try list(request, pagesMax: Self.commentPagesMax, until: isOurs).map { found in
            found.rows.first(where: isOurs)
        }
    }

    private func post(
        _ text: String, on key: GitHubKey, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let body = TrackerJSON.encode(Body(body: text))
        return .send(try write(.post, key.path("comments"), body, to: source), reading: Self.commentID)
    }

    private func change(
        _ id: Int64, to text: String, of repository: GitHubRepository, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let path = repository.path("issues", "comments", String(id))
        return .send(
            try write(.patch, path, TrackerJSON.encode(Body(body: text)), to: source), reading: Self.commentID
        )
    }

    /// - Returns: whether it was there.
    private func delete(
        _ id: Int64, of repository: GitHubRepository, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Bool> {
        var request = try write(.delete, repository.path("issues", "comments", String(id)), to: source)
        request.acceptedStatuses = [307, 404, 410]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 307 else { return false }
            return try isThere(response)
        }
    }

    private static func commentID(_ response: TrackerResponse) throws(TrackerError) -> String {
        let comment = try TrackerJSON.decode(Comment.self, from: response)
        guard comment.id > 0 else { throw TrackerError(.badResponse, "GitHub's answer holds no comment id.") }
        return String(comment.id)
    }

    /// The comment's last line, which GitHub does not show.
    private static func marker(of link: BackLink) -> String {
        let id = link.linkID.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return "<!-- extref:\(id) -->"
    }

    /// All that people read stands inside the link, where GitHub makes no mentions and references of it:
    /// nobody is notified because a test case is called `@all`.
    private static func text(of link: BackLink) -> String {
        let title = escaped(TrackerText.title("\(link.relationship): \(link.title)"))
        let url = link.url.replacing("(", with: "%28").replacing(")", with: "%29")
        return "[\(title)](\(url))\n\n\(marker(of: link))"
    }

    /// Text that means nothing in Markdown.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\`*_[]<>&!~$".contains($0) ? ["\\", $0] : [$0] })
    }
}
