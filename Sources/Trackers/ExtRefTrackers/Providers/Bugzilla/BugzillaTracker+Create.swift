// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension BugzillaTracker: IssueCreating {
    /// How much earlier than our clock the server's may have noted the creation.
    private static let clockMargin = Duration.seconds(300)
    /// New bugs whose descriptions are read for a marker.
    private static let candidatesMax = 10

    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let request = TrackerRequest(
            .post, path: ["bug"], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(try Self.body(of: issue)))
        return try TrackerCall.send(request) { (response) throws(TrackerError) in
            let id = try TrackerJSON.decode(BugzillaWire.CreatedAnswer.self, from: response).id
            guard let key = NumberKey.plain(String(id)) else {
                throw TrackerError(.badResponse, "Bugzilla does not say which number the bug has.")
            }
            return key
        }
        .then { (key) throws(TrackerError) in try fetch(IssueReference(key: key), from: source) }
    }

    private static func body(of issue: NewIssue) throws(TrackerError) -> BugzillaWire.NewBug {
        func field(_ name: String) -> String? { issue.fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        return BugzillaWire.NewBug(
            product: try product(issue.project), component: field("component"), version: field("version"),
            summary: issue.title, description: issue.markedDescription, priority: field("priority"),
            severity: field("severity"), platform: field("platform"), opSys: field("op_sys"),
            assignedTo: field("assigned_to"))
    }

    /// Asks for new bugs whose comments hold the marker, and reads their descriptions: a server that does not
    /// know the condition tells all new bugs.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let request = try list(
            [
                ("product", try Self.product(issue.project)),
                ("creation_time", TrackerDate.wholeSeconds(issue.startedAt - Self.clockMargin)),
                ("f1", "longdesc"), ("o1", "substring"), ("v1", issue.marker.text),
            ], limit: Self.candidatesMax, order: "bug_id DESC", in: source)
        return .send(request) { (response) throws(TrackerError) in
            let bugs = try readBugs(response, from: source)
            return try find(issue.marker.text, among: bugs[...].prefix(Self.candidatesMax), in: source)
        }
    }

    private func find(
        _ marker: String, among bugs: ArraySlice<IssueSnapshot>, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        guard let bug = bugs.first else { return .done(nil) }
        let request = TrackerRequest(
            path: ["bug", bug.key, "comment"], query: [("include_fields", "text")],
            headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(BugzillaWire.CommentsAnswer.self, from: response)
            let description = answer.bugs[bug.key]?.comments.entries().first?.text.value ?? ""
            if description.contains(marker) { return .done(bug) }
            return try find(marker, among: bugs.dropFirst(), in: source)
        }
    }
}
