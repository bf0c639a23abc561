// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// GitLab has no object for a foreign link, so the back-link is a comment (a note), found again by our link's
/// id. Source: docs.gitlab.com, "Notes API".
extension GitLabTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .comment }

    /// Pages of an issue's notes that are looked through, 100 notes each; notes of the system count too.
    static var notePagesMax: Int { 10 }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let notes = try notes(of: issue)
        let text = Self.text(of: link)
        return try find(link, in: notes, page: 1, of: source).then { (note) throws(TrackerError) in
            guard let note else { return try write(text, .post, notes, in: source) }
            let id = String(note.id)
            return note.body.value == text ? .done(id) : try write(text, .put, notes + [id], in: source)
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let notes = try notes(of: issue)
        guard NumberKey.plain(remoteID) != nil else { return try removeFound(link, in: notes, of: source) }
        var request = TrackerRequest(.delete, path: notes + [remoteID], headers: try headers(for: source))
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            // An issue that moved has copies of its notes, under new ids.
            response.status == 404 ? try removeFound(link, in: notes, of: source) : .done(())
        }
    }

    private func removeFound(
        _ link: BackLink, in notes: [String], of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let headers = try headers(for: source)
        return try find(link, in: notes, page: 1, of: source).then { (note) throws(TrackerError) in
            guard let note else { return .done(()) }
            var request = TrackerRequest(.delete, path: notes + [String(note.id)], headers: headers)
            request.acceptedStatuses = [404]
            return .send(request) { (_) throws(TrackerError) in .done(()) }
        }
    }

    /// The path of an issue's notes.
    private func notes(of issue: IssueReference) throws(TrackerError) -> [String] {
        let key = try key(of: issue)
        let place = try project(key.place.text, "takes comments from other programs")
        return ["projects", place.path, "issues", key.iid, "notes"]
    }

    /// The comment; one line each for title and relationship, so that nothing in them starts a line.
    static func text(of link: BackLink) -> String {
        let clean = BackLink(
            linkID: link.linkID, url: link.url, title: TrackerText.title(link.title),
            relationship: TrackerText.short(link.relationship))
        return GitLabMarkdown.withoutQuickActions(clean.commentText)
    }

    /// Whether a note is the one of a link: its last line says so. A quotation of it does not count.
    static func isNote(_ body: String, of link: BackLink) -> Bool {
        body.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
            .map { String($0).trimmingBlanks() } == "(\(link.linkID))"
    }

    private func find(
        _ link: BackLink, in notes: [String], page: Int, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<GitLabWire.Note?> {
        var request = TrackerRequest(
            path: notes, query: [("per_page", String(Self.pageIssuesMax)), ("page", String(page))],
            headers: try headers(for: source))
        request.followsMoves = true
        return .send(request) { (response) throws(TrackerError) in
            let found = try TrackerJSON.decode([Lenient<GitLabWire.Note>].self, from: response)
                .compactMap(\.value).first { $0.id > 0 && Self.isNote($0.body.value ?? "", of: link) }
            guard found == nil, page < Self.notePagesMax, try hasNextPage(response) else {
                return .done(found)
            }
            return try find(link, in: notes, page: page + 1, of: source)
        }
    }

    private struct NewNote: Encodable {
        let body: String
        /// Only of new ones; a note cannot change sides.
        let `internal`: Bool?
    }

    private func write(
        _ text: String, _ method: HTTPRequest.Method, _ path: [String], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let body = TrackerJSON.encode(NewNote(body: text, internal: method == .post ? false : nil))
        let request = TrackerRequest(method, path: path, headers: try writingHeaders(for: source), body: body)
        return .send(request) { (response) throws(TrackerError) in
            let note = try TrackerJSON.decode(GitLabWire.Note.self, from: response)
            guard note.id > 0 else {
                throw TrackerError(.badResponse, "GitLab's answer does not say which comment was written.")
            }
            return String(note.id)
        }
    }
}
