// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

@testable import ExtRefTrackers

extension FakeTracker: IssueCreating {
    private struct Receipt: Decodable {
        let id: String
    }

    private struct Refusal: Decodable {
        let errors: [String: String]
    }

    func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let query = [(name: "project", value: project), (name: "type", value: type)]
        return .send(try request(["form"], query: query, to: source)) { (response) throws(TrackerError) in
            try TrackerJSON.decode(FakeSites.Form.self, from: response).form(type: type)
        }
    }

    /// The answer holds the id only, as some vendors' do, so that the issue is read once more.
    func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var body = issue.fields
        body["description"] = issue.markedDescription
        body["project"] = issue.project
        var request = try request(["issues"], .post, body: body, to: source)
        request.acceptedStatuses = [422]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 422 else {
                let errors = try TrackerJSON.decode(Refusal.self, from: response).errors
                var refusal = TrackerError(.invalidRequest, "The tracker does not take these values.")
                refusal.fieldFaults = errors.sorted { $0.key < $1.key }.map {
                    FieldViolation($0.key, $0.value)
                }
                throw refusal
            }
            let id = try TrackerJSON.decode(Receipt.self, from: response).id
            return try fetch(IssueReference(key: "", nativeID: id), from: source)
        }
    }

    func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        let query = [(name: "project", value: issue.project)]
        return .send(try request(["new"], query: query, to: source)) { (response) throws(TrackerError) in
            try TrackerJSON.decode(FakeSites.Page.self, from: response).issues
                .first { $0.description.contains(issue.marker.text) }.map { snapshot($0, source) }
        }
    }
}

extension FakeTracker: BackLinking {
    private struct Placed: Decodable {
        let remote: String
    }

    private func path(_ link: BackLink, _ issue: IssueReference) -> [String] {
        let id = issue.nativeID.isEmpty ? issue.key : issue.nativeID
        return ["issues", id, backLinkForm == .comment ? "comments" : "links", link.linkID]
    }

    func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let body = ["url": link.url, "title": link.title, "relationship": link.relationship]
        let request = try request(path(link, issue), .put, body: body, to: source)
        return .send(request) { (response) throws(TrackerError) in
            try TrackerJSON.decode(Placed.self, from: response).remote
        }
    }

    func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        let query = [(name: "remote", value: remoteID)]
        let request = try request(path(link, issue), .delete, query: query, to: source)
        return .send(request) { _ throws(TrackerError) in }
    }
}
