// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A back-link is an address under See Also, which is a set: putting it twice changes nothing.
extension BugzillaTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .linkObject }

    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        try change(BugzillaWire.SeeAlsoBody.Change(add: [link.url]), of: issue, in: source) {
            (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(BugzillaWire.ChangeAnswer.self, from: response)
            let changes: [BugzillaWire.ChangeAnswer.Changed] = answer.bugs.entries()
            // Bugzilla may keep another spelling, and removes by that one only.
            let kept = changes.first?.changes.value?["see_also"]?.added.value ?? ""
            return (try? PastedURL(kept))?.isAbsolute == true ? kept : link.url
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let kept = (try? PastedURL(remoteID))?.isAbsolute == true ? remoteID : link.url
        let addresses = kept == link.url ? [kept] : [kept, link.url]
        return try change(BugzillaWire.SeeAlsoBody.Change(remove: addresses), of: issue, in: source) { _ in }
    }

    private func change<Value: Sendable>(
        _ change: BugzillaWire.SeeAlsoBody.Change, of issue: IssueReference, in source: TrackerSource,
        read: @escaping @Sendable (TrackerResponse) throws(TrackerError) -> Value
    ) throws(TrackerError) -> TrackerCall<Value> {
        let request = TrackerRequest(
            .put, path: ["bug", try id(of: issue)], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(BugzillaWire.SeeAlsoBody(seeAlso: change)))
        return .send(request, reading: read)
    }
}
