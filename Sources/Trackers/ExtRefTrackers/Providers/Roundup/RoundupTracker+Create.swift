// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

/// An issue's description is a message of its own, made first. The caller may choose a message's id, which
/// makes the issue findable the moment it exists.
extension RoundupTracker: IssueCreating {
    /// Messages looked at for one marker; each lost try may have left one.
    private static let messagesMax = 10

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        try newMessage(issue.markedDescription, named: issue.marker.text, in: source)
            .then { (message) throws(TrackerError) in
                try post(Self.body(of: issue, described: message), to: "issue", in: source)
            }
            .then { (id) throws(TrackerError) in try fetch(IssueReference(key: id), from: source) }
    }

    private static func body(of issue: NewIssue, described message: String) -> RoundupWire.NewIssue {
        func field(_ name: String) -> String? { issue.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        return RoundupWire.NewIssue(
            title: issue.title, messages: [message], priority: field("priority"),
            assignedTo: field("assignedto"), keyword: field("keyword")?.split(separator: ",").map(String.init)
        )
    }

    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        try messages(named: issue.marker.text, in: source).then { (messages) throws(TrackerError) in
            guard !messages.isEmpty else { return .done(nil) }
            return try list(messages.map { ("messages", $0) }, limit: 1, in: source).map(\.issues.first)
        }
    }
}

// MARK: - Messages

extension RoundupTracker {
    /// Who uses the interface with a password is the author; a token says nobody's login.
    func newMessage(
        _ text: String, named name: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let login = source.source.authenticationMethod == .basic ? source.setting("username") : ""
        return try post(
            RoundupWire.NewMessage(
                content: text, author: login.isEmpty ? nil : login, messageID: Self.messageID(name)),
            to: "msg", in: source)
    }

    /// Finds the messages of a name, oldest first.
    func messages(named name: String, in source: TrackerSource) throws(TrackerError) -> TrackerCall<[String]>
    {
        let messageID = Self.messageID(name)
        let request = TrackerRequest(
            path: ["data", "msg"],
            query: [
                ("messageid", messageID), ("@fields", "messageid"), ("@sort", "id"),
                ("@page_size", String(Self.messagesMax)),
            ], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            // Texts are compared by part; ours has to be the whole.
            try TrackerJSON.decode(RoundupWire.ListAnswer<RoundupWire.Message>.self, from: response).entries
                .filter { $0.messageID.value == messageID }.compactMap { NumberKey.plain($0.id) }
        }
    }

    /// Makes an item.
    /// - Returns: its number.
    private func post(
        _ body: some Encodable, to folder: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let request = TrackerRequest(
            .post, path: ["data", folder], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(body))
        return .send(request) { (response) throws(TrackerError) in
            let created = try TrackerJSON.decode(RoundupWire.CreatedAnswer.self, from: response).data
            guard let id = NumberKey.plain(created.id) else {
                throw TrackerError(.badResponse, "Roundup does not say which number it gave.")
            }
            return id
        }
    }

    /// A message's id in the form of e-mail (RFC 5322), because Roundup sends it along with notifications.
    private static func messageID(_ name: String) -> String { "<\(name)@extref.invalid>" }
}
