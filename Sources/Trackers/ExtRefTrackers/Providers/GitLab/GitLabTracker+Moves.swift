// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// Which way an issue came to where it is now.
struct GitLabTrail: Sendable {
    /// Keys it had, and the one that was asked for.
    var keys: [String]
    /// The id it had first; nil when it did not move.
    var firstID: String?
    /// Moves followed so far.
    var moves = 0

    /// The trail after one more move.
    func leaving(_ snapshot: IssueSnapshot) -> GitLabTrail {
        GitLabTrail(
            keys: keys.contains(snapshot.key) ? keys : keys + [snapshot.key],
            firstID: firstID ?? snapshot.nativeID, moves: moves + 1)
    }
}

extension GitLabTracker {
    /// Most moves of one issue that are followed; each costs two requests.
    static let movesMax = 4
    /// Statuses that mean here: the way to the new place is barred, and that of the old one still counts.
    private static let barredStatuses: Set<Int> = [400, 401, 403, 404, 410]

    /// Goes from an issue that was closed by being moved to the one it became.
    ///
    /// REST shows that one's id, but finds issues by project and number only; GraphQL tells where an id is.
    /// When it does not, the closed issue stays what is known, in a category that is not "done". Source:
    /// GitLab, "Issues API" (`moved_to_id`) and the GraphQL field `Query.issue`.
    func following(
        _ issue: GitLabWire.Issue, at place: GitLabPlace?, _ trail: GitLabTrail, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        guard var snapshot = snapshot(issue, at: place, of: source.source) else {
            throw TrackerError(.badResponse, "GitLab's answer does not say which issue it is.")
        }
        let here = snapshot.key
        snapshot.previousKeys = trail.keys.filter { $0 != here }
        snapshot.formerNativeID = trail.firstID
        guard let id = issue.successorID, trail.moves < Self.movesMax else { return .done(snapshot) }
        let known = snapshot
        return .send(try placeRequest(ofID: id, in: source)) { (response) throws(TrackerError) in
            guard let key = placeKey(in: response, id: id, of: source.source) else { return .done(known) }
            return try arriving(at: key, id: id, from: known, trail.leaving(known), in: source)
        }
    }

    private func arriving(
        at key: GitLabKey, id: Int64, from known: IssueSnapshot, _ trail: GitLabTrail,
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var request = try issueRequest(key, of: source)
        request.acceptedStatuses = Self.barredStatuses
        return .send(request) { (response) throws(TrackerError) in
            guard !Self.barredStatuses.contains(response.status),
                let issue = try? TrackerJSON.decode(GitLabWire.Issue.self, from: response), issue.id == id
            else { return .done(known) }
            return try following(issue, at: response.wasMoved ? nil : key.place, trail, in: source)
        }
    }

    private static let placeDocument = "query($id: IssueID!) { issue(id: $id) { iid webUrl } }"

    private func placeRequest(ofID id: Int64, in source: TrackerSource) throws(TrackerError) -> TrackerRequest
    {
        var request = try graphQLRequest(
            Self.placeDocument, ["id": "gid://gitlab/Issue/\(id)"], of: source)
        // Also a sign-in page of a proxy that lets only REST through.
        request.acceptedStatuses = Self.barredStatuses.union([200, 203, 301, 302])
        return request
    }

    private struct PlaceAnswer: Decodable {
        struct Issue: Decodable {
            let iid: String
            let webUrl: String
        }

        let issue: Lenient<Issue>
    }

    private func placeKey(
        in response: TrackerResponse, id: Int64, of source: IntegrationSource
    ) -> GitLabKey? {
        let answer = try? TrackerJSON.decode(GitLabWire.GraphQLAnswer<PlaceAnswer>.self, from: response)
        guard response.status == 200, let issue = answer?.data.value?.issue.value,
            let key = key(inAddress: issue.webUrl, of: source), key.iid == issue.iid, !key.place.isGroup
        else { return nil }
        return key
    }
}
