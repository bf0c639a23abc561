// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A back-link is a comment that ends with our link's id.
extension YouTrackTracker: BackLinking {
    /// Comments of one page, and pages looked through.
    private static let commentsMax = 100
    private static let commentPagesMax = 10

    public var backLinkForm: BackLinkForm { .comment }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let id = try id(of: issue)
        return try comment(of: link, on: id, page: 0, in: source).then { (comment) throws(TrackerError) in
            guard let comment else { return try write(link, to: ["issues", id, "comments"], in: source) }
            if comment.text.value?.withoutReturns == link.commentText { return .done(comment.id) }
            // Who may not edit comments leaves the old text: it still leads here.
            return try write(
                link, to: ["issues", id, "comments", comment.id], keeping: comment.id, in: source)
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let id = try id(of: issue)
        return try comment(of: link, on: id, page: 0, in: source).then { (comment) throws(TrackerError) in
            guard let comment else { return .done(()) }
            var request = TrackerRequest(
                .delete, path: ["issues", id, "comments", comment.id], headers: try headers(for: source))
            request.acceptedStatuses = [404]
            return .send(request) { _ in }
        }
    }

    /// Finds the link's comment.
    private func comment(
        of link: BackLink, on id: String, page: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<YouTrackWire.Comment?> {
        let request = TrackerRequest(
            path: ["issues", id, "comments"],
            query: [
                ("fields", "id,text,deleted"), ("$top", String(Self.commentsMax)),
                ("$skip", String(page * Self.commentsMax)),
            ], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let comments = try TrackerJSON.decode([Lenient<YouTrackWire.Comment>].self, from: response)
            let found = comments.compactMap(\.value).first {
                Self.isEntityID($0.id) && $0.deleted.value != true
                    && $0.text.value?.contains("(\(link.linkID))") == true
            }
            guard found == nil, comments.count >= Self.commentsMax, page + 1 < Self.commentPagesMax else {
                return .done(found)
            }
            return try comment(of: link, on: id, page: page + 1, in: source)
        }
    }

    /// - Parameter kept: the comment that stays as it is when it may not be changed; nil for a new one.
    private func write(
        _ link: BackLink, to path: [String], keeping kept: String? = nil, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        var request = TrackerRequest(
            .post, path: path, query: [("fields", "id,text,deleted")],
            headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(YouTrackWire.NewComment(text: link.commentText)))
        if kept != nil { request.acceptedStatuses = [403] }
        return .send(request) { (response) throws(TrackerError) in
            if let kept { return kept }
            let comment = try TrackerJSON.decode(YouTrackWire.Comment.self, from: response)
            guard Self.isEntityID(comment.id) else {
                throw TrackerError(.badResponse, "The tracker does not say which id the comment has.")
            }
            return comment.id
        }
    }
}
