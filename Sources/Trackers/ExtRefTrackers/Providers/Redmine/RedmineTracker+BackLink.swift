// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A back-link is a note in the issue's journal that ends with our link's id.
///
/// Redmine answers 204 to a change even when the account's rights made it drop part of it, so the issue is
/// read again after each write.
extension RedmineTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .comment }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let id = try id(of: issue)
        return try note(of: link, on: id, in: source).then { (note) throws(TrackerError) in
            guard let note else {
                return try write(
                    RedmineWire.NotesBody(issue: .init(notes: link.commentText)), to: ["issues", id],
                    in: source
                )
                .then { (_) throws(TrackerError) in try confirmedNote(of: link, on: id, in: source) }
            }
            if note.notes.value?.withoutReturns == link.commentText { return .done(String(note.id)) }
            // Who may not edit notes, or cannot before version 5.0, leaves the old text: it still leads here.
            return try write(
                RedmineWire.NotesBody(journal: .init(notes: link.commentText)),
                to: ["journals", String(note.id)],
                accepting: [403, 404, 406, 422], in: source
            ).map { _ in String(note.id) }
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let id = try id(of: issue)
        return try note(of: link, on: id, in: source).then { (note) throws(TrackerError) in
            guard let note else { return .done(()) }
            // A note without text and changes is no note: Redmine deletes it.
            return try write(
                RedmineWire.NotesBody(journal: .init(notes: "")), to: ["journals", String(note.id)],
                accepting: [403, 404, 406], in: source
            )
            .then { (_) throws(TrackerError) in try self.note(of: link, on: id, in: source) }
            .map { (left) throws(TrackerError) in
                guard left == nil else { throw Self.noteStays }
            }
        }
    }

    private static let noteStays = TrackerError(
        .permissionDenied,
        "Redmine keeps the note: taking it away needs version 5.0 and the permission to edit own notes.")
    private static let noteDropped = TrackerError(
        .permissionDenied, "Redmine took the note and dropped it: the account may not add notes there.")

    private func confirmedNote(
        of link: BackLink, on id: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        try note(of: link, on: id, in: source).map { (note) throws(TrackerError) in
            guard let note else { throw Self.noteDropped }
            return String(note.id)
        }
    }

    /// Finds the link's note.
    private func note(
        of link: BackLink, on id: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<RedmineWire.Journal?> {
        let request = TrackerRequest(
            path: ["issues", id + ".json"], query: [("include", "journals")],
            headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let issue = try TrackerJSON.decode(RedmineWire.IssueAnswer.self, from: response).issue
            return issue.journals.entries().first {
                $0.id > 0 && $0.notes.value?.contains("(\(link.linkID))") == true
            }
        }
    }

    private func write(
        _ body: RedmineWire.NotesBody, to path: [String], accepting statuses: Set<Int> = [],
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        var request = TrackerRequest(
            .put, path: path.dropLast() + [(path.last ?? "") + ".json"],
            headers: try headers(for: source) + [HTTPField("Content-Type", "application/json")],
            body: TrackerJSON.encode(body))
        request.acceptedStatuses = statuses
        return .send(request) { _ in }
    }
}

extension String {
    /// With the line ends of Unix: form-minded trackers give texts back with others.
    var withoutReturns: String { replacing("\r\n", with: "\n") }
}
