// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension AzureDevOpsTracker {
    /// The version of the interface that every call names; it is what Azure DevOps Server 2022.1 brought.
    static let apiVersion = "7.1"
    /// Connection data never left its preview (memory).
    static let previewVersion = "7.1-preview"
    /// How long lists of types, fields and states are used again.
    static let listsReuse = Duration.seconds(3_600)

    /// A read.
    /// - Parameters:
    ///   - path: below `_apis`.
    ///   - project: empty = the whole organisation or collection.
    func get(
        _ path: [String], project: String = "", query: [(name: String, value: String)] = [],
        version: String = apiVersion, in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            path: try segments(path, project: project), query: query + [("api-version", version)],
            headers: try headers(for: source))
    }

    /// A request with a body of JSON.
    func post(
        _ path: [String], query: [(name: String, value: String)] = [], body: some Encodable,
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            .post, path: try segments(path, project: ""), query: query + [("api-version", Self.apiVersion)],
            headers: try headers(for: source) + [HTTPField("Content-Type", "application/json")],
            body: TrackerJSON.encode(body))
    }

    /// A change of a work item, as a list of steps.
    func patch(
        _ method: HTTPRequest.Method, _ path: [String], project: String = "", steps: [AzureDevOpsPatchStep],
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        TrackerRequest(
            method, path: try segments(path, project: project), query: [("api-version", Self.apiVersion)],
            headers: try headers(for: source) + [HTTPField("Content-Type", "application/json-patch+json")],
            body: TrackerJSON.encode(steps))
    }

    private func segments(_ path: [String], project: String) throws(TrackerError) -> [String] {
        guard !project.isEmpty else { return ["_apis"] + path }
        guard Self.isProjectName(project) else {
            throw TrackerError(.invalidRequest, "This is no name of an Azure DevOps project.")
        }
        return [project, "_apis"] + path
    }
}

/// One step of a JSON Patch document (RFC 6902), in which changes of work items are written.
struct AzureDevOpsPatchStep: Encodable, Sendable {
    /// What a step carries.
    enum Value: Encodable, Sendable {
        case text(String)
        case number(Int64)
        case hyperlink(url: String, comment: String)

        private struct Hyperlink: Encodable {
            struct Attributes: Encodable {
                let comment: String
            }

            let rel = "Hyperlink"
            let url: String
            let attributes: Attributes
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .text(let text): try text.encode(to: encoder)
            case .number(let number): try number.encode(to: encoder)
            case .hyperlink(let url, let comment):
                try Hyperlink(url: url, attributes: .init(comment: comment)).encode(to: encoder)
            }
        }
    }

    /// `add`, `replace`, `remove` or `test`.
    let op: String
    /// Of a field, a relation or the revision.
    let path: String
    /// Absent when something is removed.
    let value: Value?

    /// Makes a step.
    init(_ op: String, _ path: String, _ value: Value? = nil) {
        self.op = op
        self.path = path
        self.value = value
    }
}
