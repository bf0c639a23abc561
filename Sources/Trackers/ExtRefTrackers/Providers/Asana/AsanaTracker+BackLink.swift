// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension AsanaTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .comment }

    /// Pages of a task's stories looked through for our comment.
    private static let storyPagesMax = 10

    /// Writes a comment, or changes the one that is there: each ends with the link's id.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let task = try gid(of: issue)
        return try comment(of: link, on: task, offset: "", pagesLeft: Self.storyPagesMax, in: source).then {
            (comment) throws(TrackerError) in
            if let comment, comment.text.value == link.commentText { return .done(comment.gid) }
            let text = ["text": link.commentText]
            let request =
                if let comment {
                    try request(.put, ["stories", comment.gid], data: text, of: source)
                } else {
                    try request(.post, ["tasks", task, "stories"], data: text, of: source)
                }
            return .send(request) { (response) throws(TrackerError) in
                let story = try TrackerJSON.decode(AsanaWire.Answer<AsanaWire.Story>.self, from: response)
                    .data
                guard Self.isGID(story.gid) else {
                    throw TrackerError(.badResponse, "Asana does not say which comment it wrote.")
                }
                return story.gid
            }
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        if Self.isGID(remoteID) { return try remove(remoteID, in: source) }
        let task = try gid(of: issue)
        return try comment(of: link, on: task, offset: "", pagesLeft: Self.storyPagesMax, in: source).then {
            (comment) throws(TrackerError) in
            guard let comment else { return .done(()) }
            return try remove(comment.gid, in: source)
        }
    }

    private func remove(_ story: String, in source: TrackerSource) throws(TrackerError) -> TrackerCall<Void> {
        var request = try request(.delete, ["stories", story], of: source)
        request.acceptedStatuses = [404]
        return .send(request, reading: { _ in })
    }

    /// Our comment on a task, by the link's id in it.
    private func comment(
        of link: BackLink, on task: String, offset: String, pagesLeft: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<AsanaWire.Story?> {
        let place = offset.isEmpty ? [] : [(name: "offset", value: offset)]
        let request = try request(
            .get, ["tasks", task, "stories"],
            query: [("limit", String(Self.pageSize)), ("opt_fields", "text,resource_subtype")] + place,
            of: source)
        return .send(request) { (response) throws(TrackerError) in
            let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Story>.self, from: response)
            if let found = page.elements.first(where: { $0.isComment(of: link) }) { return .done(found) }
            let next = try page.next()
            guard !next.isEmpty, pagesLeft > 1 else { return .done(nil) }
            return try comment(of: link, on: task, offset: next, pagesLeft: pagesLeft - 1, in: source)
        }
    }
}

extension AsanaWire {
    /// What happened to a task; comments are among it.
    struct Story: Decodable {
        let gid: String
        let text: Lenient<String>
        let subtype: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case gid, text
            case subtype = "resource_subtype"
        }

        func isComment(of link: BackLink) -> Bool {
            AsanaTracker.isGID(gid) && subtype.value == "comment_added"
                && text.value?.contains("(\(link.linkID))") == true
        }
    }
}
