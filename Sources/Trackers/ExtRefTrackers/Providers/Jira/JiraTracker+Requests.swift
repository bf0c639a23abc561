// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension JiraDeployment {
    /// Data Center has no version 3, and Cloud's version 2 takes other texts.
    fileprivate var apiVersion: String {
        switch self {
        case .cloud: "3"
        case .dataCenter: "2"
        }
    }
}

extension JiraTracker {
    /// Writes a read below the interface's version.
    func get(
        _ path: [String], query: [(name: String, value: String)] = [], of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        try request(.get, path, query, of: source)
    }

    /// Writes a call that carries JSON.
    func post(
        _ path: [String], _ body: JiraValue, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request = try request(.post, path, [], of: source)
        request.headers.append(HTTPField("Content-Type", "application/json"))
        request.body = TrackerJSON.encode(body)
        return request
    }

    /// Writes a request with all headers.
    func request(
        _ method: HTTPRequest.Method, _ path: [String], _ query: [(name: String, value: String)],
        of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request = TrackerRequest(
            method, path: ["rest", "api", deployment.apiVersion] + path, query: query,
            headers: [HTTPField("Accept", "application/json")] + (try headers(for: source)))
        if method != .get, deployment == .dataCenter {
            // Writes that look as if a browser sent them are refused without it.
            request.headers.append(HTTPField("X-Atlassian-Token", "no-check"))
        }
        return request
    }

    /// Sends a request and goes on with the answer, unless Jira ignored the credentials.
    ///
    /// Jira may answer whom it could not log in as it would answer anybody: with the public issues, or with
    /// 404 for one that exists. Taken at its word, every issue of a source would be gone when a token ends.
    func send<Value>(
        _ request: TrackerRequest, of source: TrackerSource,
        then step: @escaping TrackerCall<Value>.Step
    ) -> TrackerCall<Value> {
        let reads404 = request.acceptedStatuses.contains(404)
        let hasCredential = source.source.authenticationMethod != .none
        var request = request
        request.acceptedStatuses.insert(404)
        return .send(request) { (response) throws(TrackerError) in
            if let refusal = JiraRefusal.ofLogin(response) { throw refusal }
            if hasCredential, JiraRefusal.isIgnoring(response) { throw JiraRefusal.ignored }
            if response.status == 404, !reads404 { throw JiraRefusal.notFound }
            return try step(response)
        }
    }

    /// Sends a request whose answer is the result.
    func read<Value>(
        _ request: TrackerRequest, of source: TrackerSource,
        _ decode: @escaping @Sendable (TrackerResponse) throws(TrackerError) -> Value
    ) -> TrackerCall<Value> {
        send(request, of: source) { (response) throws(TrackerError) in .done(try decode(response)) }
    }
}
