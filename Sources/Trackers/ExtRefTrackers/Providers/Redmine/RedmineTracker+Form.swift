// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension RedmineTracker {
    /// How long lists of trackers, priorities, members and fields are used again.
    static let formReuse = Duration.seconds(600)
    /// Most members offered as assignees; the field takes others by their number.
    private static let membersMax = 100

    /// What a form is made of; what the account may not see is empty.
    struct FormParts: Sendable {
        var project: RedmineWire.ProjectAnswer.Project
        var priorities: [RedmineWire.PrioritiesAnswer.Priority] = []
        var statuses: [RedmineWire.Status] = []
        var members: [RedmineWire.Membership] = []
        var customFields: [RedmineWire.CustomField] = []
    }

    /// Asks for the parts, one after the other.
    func formParts(
        of project: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<FormParts> {
        let headers = try headers(for: source)
        let request = reusable(
            ["projects", project + ".json"],
            query: [("include", "trackers,issue_categories,issue_custom_fields")], headers)
        return try TrackerCall.send(request) { (response) throws(TrackerError) in
            FormParts(project: try TrackerJSON.decode(RedmineWire.ProjectAnswer.self, from: response).project)
        }
        .then { (parts) throws(TrackerError) in
            add(reusable(["enumerations", "issue_priorities.json"], headers), to: parts) {
                (parts, response) throws(TrackerError) in
                parts.priorities = try TrackerJSON.decode(RedmineWire.PrioritiesAnswer.self, from: response)
                    .priorities.entries()
            }
        }
        .then { (parts) throws(TrackerError) in
            add(reusable(["issue_statuses.json"], headers), to: parts) {
                (parts, response) throws(TrackerError) in
                parts.statuses = try TrackerJSON.decode(RedmineWire.StatusesAnswer.self, from: response)
                    .statuses.entries()
            }
        }
        .then { (parts) throws(TrackerError) in try addPeopleAndFields(to: parts, headers) }
    }

    private func addPeopleAndFields(
        to parts: FormParts, _ headers: [HTTPField]
    ) throws(TrackerError) -> TrackerCall<FormParts> {
        let members = reusable(
            ["projects", String(parts.project.id), "memberships.json"],
            query: [("limit", String(Self.membersMax))], headers)
        return try add(members, to: parts) { (parts, response) throws(TrackerError) in
            parts.members = try TrackerJSON.decode(RedmineWire.MembershipsAnswer.self, from: response)
                .memberships.entries()
        }
        .then { (parts) throws(TrackerError) in
            // Only administrators are told; for others the form does without.
            add(reusable(["custom_fields.json"], headers), to: parts) {
                (parts, response) throws(TrackerError) in
                parts.customFields = try TrackerJSON.decode(
                    RedmineWire.CustomFieldsAnswer.self, from: response
                )
                .fields.entries()
            }
        }
    }

    private func reusable(
        _ path: [String], query: [(name: String, value: String)] = [], _ headers: [HTTPField]
    ) -> TrackerRequest {
        var request = TrackerRequest(path: path, query: query, headers: headers)
        request.reusableFor = Self.formReuse
        return request
    }

    /// Asks for one more part; a refusal is no failure.
    private func add(
        _ request: TrackerRequest, to parts: FormParts,
        read: @escaping @Sendable (inout FormParts, TrackerResponse) throws(TrackerError) -> Void
    ) -> TrackerCall<FormParts> {
        var request = request
        request.acceptedStatuses = [403, 404]
        return .send(request) { (response) throws(TrackerError) in
            var parts = parts
            if (200..<300).contains(response.status) { try read(&parts, response) }
            return parts
        }
    }
}
