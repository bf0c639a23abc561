// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A back-link is a message whose id is made of our link's id, attached to the issue.
extension RoundupTracker: BackLinking {
    /// Tries to change an issue that others change at the same time.
    private static let triesMax = 3

    public var backLinkForm: BackLinkForm { .comment }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let id = try id(of: issue)
        return try messages(named: link.linkID, in: source).then { (messages) throws(TrackerError) in
            guard let message = messages.first else {
                return try newMessage(link.commentText, named: link.linkID, in: source)
            }
            return try rewrite(message, as: link.commentText, in: source)
        }
        .then { (message) throws(TrackerError) in
            try attach(id, tries: Self.triesMax, in: source) { messages in
                messages.contains(message) ? nil : messages + [message]
            }
            .map { message }
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let id = try id(of: issue)
        return try messages(named: link.linkID, in: source).then { (found) throws(TrackerError) in
            guard !found.isEmpty else { return .done(()) }
            return try attach(id, tries: Self.triesMax, in: source) { messages in
                messages.contains(where: found.contains) ? messages.filter { !found.contains($0) } : nil
            }
        }
    }

    /// Gives a message another text, where the account may; an old one still leads to the test object.
    private func rewrite(
        _ message: String, as text: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let request = TrackerRequest(
            path: ["data", "msg", message, "content"], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let content = try TrackerJSON.decode(RoundupWire.ContentAnswer.self, from: response).data
            guard content.text.value?.withoutReturns != text else { return .done(message) }
            var change = TrackerRequest(
                .patch, path: ["data", "msg", message],
                headers: try writingHeaders(for: source) + [try Self.precondition(content.tag.value)],
                body: TrackerJSON.encode(RoundupWire.NewContent(content: text)))
            change.acceptedStatuses = [403, 405, 409, 412]
            return .send(change) { _ in message }
        }
    }

    /// Changes an issue's list of messages.
    /// - Parameter change: what the list becomes; nil = it is right already.
    private func attach(
        _ id: String, tries: Int, in source: TrackerSource,
        _ change: @escaping @Sendable ([String]) -> [String]?
    ) throws(TrackerError) -> TrackerCall<Void> {
        let request = TrackerRequest(path: ["data", "issue", id], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let item = try TrackerJSON.decode(RoundupWire.ItemAnswer.self, from: response).data
            let links: [RoundupWire.Link] = item.attributes.value?.messages.entries() ?? []
            guard let messages = change(links.compactMap { NumberKey.plain($0.id) }) else { return .done(()) }
            let status = item.attributes.value?.status.value.flatMap { NumberKey.plain($0.id) }
            var write = TrackerRequest(
                .patch, path: ["data", "issue", id],
                headers: try writingHeaders(for: source) + [try Self.precondition(item.tag.value)],
                body: TrackerJSON.encode(RoundupWire.Attachment(messages: messages, status: status)))
            write.acceptedStatuses = [412]
            return .send(write) { (response) throws(TrackerError) in
                guard response.status == 412 else { return .done(()) }
                guard tries > 1 else {
                    throw TrackerError(.unavailable, "The issue changes too often to be linked right now.")
                }
                return try attach(id, tries: tries - 1, in: source, change)
            }
        }
    }

    /// Makes a change fail when the item is not what was read any more.
    private static func precondition(_ tag: String?) throws(TrackerError) -> HTTPField {
        let field = HTTPField("If-Match", tag ?? "")
        guard !field.value.isEmpty, field.isSound else {
            throw TrackerError(.badResponse, "Roundup does not say which state it showed.")
        }
        return field
    }
}
