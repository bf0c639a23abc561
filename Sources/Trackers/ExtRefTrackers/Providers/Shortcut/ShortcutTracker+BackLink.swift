// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension ShortcutTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .linkObject }

    /// Adds the address to the story's external links, unless it is there. They have no title.
    ///
    /// Shortcut only takes the whole list: a link that somebody adds between our reading and writing is lost.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let id = try id(of: issue)
        return .send(try request(.get, ["stories", id], of: source)) { (response) throws(TrackerError) in
            let links = try TrackerJSON.decode(ShortcutWire.Links.self, from: response).externalLinks
            guard !links.contains(link.url) else { return .done(link.url) }
            return try write(links + [link.url], to: id, in: source).map { link.url }
        }
    }

    /// Takes the address off that was put on, which may be another than today's.
    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let id = try id(of: issue)
        let unwanted: Set = [remoteID.isEmpty ? link.url : remoteID, link.url]
        var request = try request(.get, ["stories", id], of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 404 else { return .done(()) }
            let links = try TrackerJSON.decode(ShortcutWire.Links.self, from: response).externalLinks
            let kept = links.filter { !unwanted.contains($0) }
            return kept.count == links.count ? .done(()) : try write(kept, to: id, in: source)
        }
    }

    private func write(
        _ links: [String], to id: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let request = try request(
            .put, ["stories", id], body: ShortcutWire.Links(externalLinks: links), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let kept = try TrackerJSON.decode(ShortcutWire.Links.self, from: response).externalLinks
            guard Set(kept) == Set(links) else {
                throw TrackerError(
                    .badResponse, "Shortcut answers well but did not change the story's links.")
            }
            return .done(())
        }
    }
}

extension ShortcutWire {
    /// A story's external links. All of them are read or none: what is not read would be lost on writing.
    struct Links: Codable {
        let externalLinks: [String]

        enum CodingKeys: String, CodingKey {
            case externalLinks = "external_links"
        }
    }
}
