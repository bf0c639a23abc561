// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

extension JiraTracker {
    public var backLinkForm: BackLinkForm { .linkObject }

    /// Puts a remote link on the issue. Jira keeps links of one `globalId` single, so a second time renews
    /// it.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        var request = try post(try Self.linksPath(of: issue), JiraRemoteLink.body(of: link), of: source)
        request.acceptedStatuses = [403, 404, 413]
        return read(request, of: source) { (response) throws(TrackerError) in
            if let refusal = JiraRemoteLink.refusal(response.status) { throw refusal }
            // Links are found by their global id; an answer without an id is as good.
            guard let link = try? TrackerJSON.decode(JiraWire.RemoteLink.self, from: response) else {
                return ""
            }
            return String(link.id)
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        var request = try request(
            .delete, try Self.linksPath(of: issue), [("globalId", JiraRemoteLink.globalID(of: link))],
            of: source)
        // Neither the link nor the issue has to be there any more.
        request.acceptedStatuses = [403, 404]
        return read(request, of: source) { (response) throws(TrackerError) in
            if response.status == 403, let refusal = JiraRemoteLink.refusal(403) { throw refusal }
        }
    }

    private static func linksPath(of issue: IssueReference) throws(TrackerError) -> [String] {
        guard let name = identifier(of: issue) else {
            throw TrackerError(.invalidRequest, "This is no key of a Jira issue.")
        }
        return ["issue", name, "remotelink"]
    }
}

/// A remote link, Jira's object for a link to another system.
enum JiraRemoteLink {
    /// Under which Jira keeps the link single, at most 255 characters (Atlassian, REST v3, remotelink).
    static func globalID(of link: BackLink) -> String { "extref:" + link.linkID }

    /// The whole object: what a second call leaves out Jira empties.
    static func body(of link: BackLink) -> JiraValue {
        let title = TrackerText.clean(link.title, scalarsMax: JiraLimits.linkTitleScalarsMax)
        return [
            "globalId": .text(globalID(of: link)), "application": ["type": "extref", "name": "ExtRef"],
            "relationship": .text(TrackerText.short(link.relationship)),
            "object": ["url": .text(link.url), "title": .text(title.isEmpty ? link.url : title)],
        ]
    }

    /// What a status means for links; nil = all is well.
    static func refusal(_ status: Int) -> TrackerError? {
        switch status {
        case 403:
            TrackerError(
                .permissionDenied,
                "Jira lets the account put no link on the issue. Give it the permission Link Issues, and see whether "
                    + "issue linking is switched on.")
        case 404: JiraRefusal.notFound
        case 413: TrackerError(.invalidRequest, "The issue has as many remote links as Jira allows.")
        default: nil
        }
    }
}
