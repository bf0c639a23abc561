// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// Forgejo has no object for a foreign link, so the back-link is a comment, found again by our link's id.
extension ForgejoTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .comment }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let key = try key(of: issue)
        let text = Self.text(of: link)
        return try find(link, on: key, of: source).then { (comment) throws(TrackerError) in
            guard let comment else { return try write(text, .post, comments(on: key), in: source) }
            let id = String(comment.id)
            return comment.body.value == text
                ? .done(id) : try write(text, .patch, self.comment(id, key), in: source)
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let key = try key(of: issue)
        if NumberKey.plain(remoteID) != nil { return try remove(remoteID, key, in: source) }
        return try find(link, on: key, of: source).then { (comment) throws(TrackerError) in
            guard let comment else { return .done(()) }
            return try remove(String(comment.id), key, in: source)
        }
    }

    /// The path of an issue's comments.
    private func comments(on key: ForgejoKey) -> [String] {
        key.repository.apiPath + ["issues", key.number, "comments"]
    }

    /// The path of one comment, which is numbered in the whole installation.
    private func comment(_ id: String, _ key: ForgejoKey) -> [String] {
        key.repository.apiPath + ["issues", "comments", id]
    }

    /// The comment; one line each for title and relationship.
    static func text(of link: BackLink) -> String {
        BackLink(
            linkID: link.linkID, url: link.url, title: TrackerText.title(link.title),
            relationship: TrackerText.short(link.relationship)
        ).commentText
    }

    /// Whether a comment is the one of a link: its last line says so. A quotation of it does not count.
    static func isComment(_ body: String, of link: BackLink) -> Bool {
        body.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
            .map { String($0).trimmingBlanks() } == "(\(link.linkID))"
    }

    /// All comments come at once; there are no pages.
    private func find(
        _ link: BackLink, on key: ForgejoKey, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ForgejoWire.Comment?> {
        var request = TrackerRequest(path: comments(on: key), headers: try headers(for: source))
        request.followsMoves = true
        return .send(request) { (response) throws(TrackerError) in
            .done(
                try TrackerJSON.decode([Lenient<ForgejoWire.Comment>].self, from: response)
                    .compactMap(\.value)
                    .first { $0.id > 0 && Self.isComment($0.body.value ?? "", of: link) })
        }
    }

    private func write(
        _ text: String, _ method: HTTPRequest.Method, _ path: [String], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let request = TrackerRequest(
            method, path: path, headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(["body": text]))
        return .send(request) { (response) throws(TrackerError) in
            let comment = try TrackerJSON.decode(ForgejoWire.Comment.self, from: response)
            guard comment.id > 0 else {
                throw TrackerError(
                    .badResponse, "The tracker's answer does not say which comment was written.")
            }
            return String(comment.id)
        }
    }

    private func remove(
        _ id: String, _ key: ForgejoKey, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        var request = TrackerRequest(.delete, path: comment(id, key), headers: try headers(for: source))
        request.acceptedStatuses = [404]
        return .send(request) { (_) throws(TrackerError) in .done(()) }
    }
}
