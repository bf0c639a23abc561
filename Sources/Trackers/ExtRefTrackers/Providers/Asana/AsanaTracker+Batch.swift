// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension AsanaTracker: BatchFetching {
    /// Most actions that Asana takes in one call; each counts as a call of its own against the limits.
    public var batchIssuesMax: Int { 10 }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var actions = [AsanaAction]()
        for reference in references { actions.append(AsanaAction(task: try gid(of: reference))) }
        var request = try request(.post, ["batch"], data: ["actions": actions], of: source)
        request.changesNothing = true
        return .send(request) { (response) throws(TrackerError) in
            let results = try TrackerJSON.decode(
                AsanaWire.Answer<[Lenient<AsanaWire.ActionResult>]>.self, from: response
            ).data
            return try batchAnswer(results, to: references, from: source)
        }
    }

    /// Results stand in the order of the actions. One that failed for reasons of the moment is left out, so
    /// that it is asked for by itself.
    private func batchAnswer(
        _ results: [Lenient<AsanaWire.ActionResult>], to references: [IssueReference],
        from source: TrackerSource
    ) throws(TrackerError) -> BatchAnswer {
        guard results.count == references.count else {
            throw TrackerError(.badResponse, "Asana does not answer each action of a batch.")
        }
        // Of all alike it is said of the call, as Asana's documents know it of no task.
        guard !results.allSatisfy({ $0.value?.status == 410 }) else { throw TrackerResponse.apiGone }
        var answer = BatchAnswer(found: [])
        for (reference, result) in zip(references, results) {
            guard let result = result.value else { continue }
            switch result.status {
            case 200:
                guard let task = result.body.value?.data.value, let snapshot = snapshot(task, of: source)
                else {
                    continue
                }
                answer.found.append(snapshot)
            case 401: throw TrackerError(.credentialsRejected, "Asana does not accept the token.")
            case 403:
                let messages = result.refusal.value?.messages ?? []
                guard !messages.contains(where: Self.speaksOfScopes) else { throw Self.scopeMissing }
                answer.refused[reference] = .permissionDenied
            case 404: answer.refused[reference] = .notFound
            case 410: answer.refused[reference] = .gone
            case 429:
                throw TrackerError(
                    .rateLimited, "Asana asks to wait before the next call.", retryAfter: result.retryAfter)
            default: continue
            }
        }
        return answer
    }
}

/// One action of a batch: a task to read.
struct AsanaAction: Encodable {
    struct Options: Encodable {
        let fields: [String]
    }

    let method = "get"
    let path: String
    let options = Options(fields: AsanaWire.Task.fields.split(separator: ",").map(String.init))

    enum CodingKeys: String, CodingKey {
        case method, options
        case path = "relative_path"
    }

    init(task gid: String) { path = "/tasks/\(gid)" }
}

extension AsanaWire {
    /// What became of one action.
    struct ActionResult: Decodable {
        struct Body: Decodable {
            let data: Lenient<Task>
        }

        let status: Int
        let headers: Lenient<[String: Lenient<String>]>
        let body: Lenient<Body>
        let refusal: Lenient<Refusal>

        enum CodingKeys: String, CodingKey {
            case headers, body
            case status = "status_code"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            status = try fields.decode(Int.self, forKey: .status)
            headers = try fields.decode(Lenient<[String: Lenient<String>]>.self, forKey: .headers)
            body = try fields.decode(Lenient<Body>.self, forKey: .body)
            refusal = try fields.decode(Lenient<Refusal>.self, forKey: .body)
        }

        /// How long one action was told to wait; seconds, as a number or a text.
        var retryAfter: Duration? {
            let value = headers.value?.first { $0.key.lowercased() == "retry-after" }?.value.value
            return value.flatMap { RetryAfter.duration($0, now: Timestamp(milliseconds: 0)) }
        }
    }
}
