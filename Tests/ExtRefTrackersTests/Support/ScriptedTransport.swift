// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Synchronization
import TrackerConformance

/// One request that a test expects, and the answer it gets.
struct Scene: Sendable {
    /// `METHOD path?query`, as it goes over the wire.
    let request: String
    /// What the body must be, byte by byte; nil = no body at all.
    var body: String?
    /// Headers that must be there, by the names as they are sent.
    var headers: [String: String] = [:]
    var status = 200
    var answerHeaders: [String: String] = ["content-type": "application/json"]
    var answer: String

    init(
        _ request: String, body: String? = nil, headers: [String: String] = [:], status: Int = 200,
        answerHeaders: [String: String] = ["content-type": "application/json"], answer: String = ""
    ) {
        self.request = request
        self.body = body
        self.headers = headers
        self.status = status
        self.answerHeaders = answerHeaders
        self.answer = answer
    }
}

/// Plays scenes in their order and notes every request that differs from the script.
final class ScriptedTransport: HTTPTransport {
    private struct State {
        var rest: [Scene]
        var complaints: [String] = []
        var sent: [HTTPRequest] = []
    }

    private let baseURL: String
    private let state: Mutex<State>

    init(_ scenes: [Scene], baseURL: String) {
        self.baseURL = baseURL
        state = Mutex(State(rest: scenes))
    }

    /// What differed, and the scenes that were never played.
    var complaints: [String] {
        state.withLock { $0.complaints + $0.rest.map { "nobody asked: \($0.request)" } }
    }
    var sent: [HTTPRequest] { state.withLock { $0.sent } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let scene = state.withLock { state -> Scene? in
            state.sent.append(request)
            guard let scene = state.rest.first else {
                state.complaints.append("unexpected: \(request.method.rawValue) \(request.url)")
                return nil
            }
            state.rest.removeFirst()
            state.complaints += complaints(about: request, scene)
            return scene
        }
        guard let scene else { throw HTTPError(.connect, at: .connect, "the script is over") }
        return HTTPResponse(
            status: scene.status, headers: scene.answerHeaders.map { HTTPField($0.key, $0.value) },
            body: Array(scene.answer.utf8))
    }

    private func complaints(about request: HTTPRequest, _ scene: Scene) -> [String] {
        var complaints = [String]()
        let line =
            "\(request.method.rawValue) \(request.url.replacing(baseURL, with: "", maxReplacements: 1))"
        if !request.url.hasPrefix(baseURL) || line != scene.request {
            complaints.append("\(request.method.rawValue) \(request.url) instead of \(scene.request)")
        }
        let body = request.body.map { String(decoding: $0, as: UTF8.self) }
        if body != scene.body { complaints.append("\(scene.request) with body \(body ?? "none")") }
        for (name, value) in scene.headers {
            let sent = request.headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
            if sent != [value] { complaints.append("\(scene.request): \(name) is \(sent)") }
        }
        return complaints
    }
}

extension Scene {
    /// The same as a recording, for an exam.
    var recorded: RecordedExchange? {
        let headers = answerHeaders.map { "\($0.key): \($0.value)" }.sorted().joined(separator: "\n")
        return RecordedExchange("\(request) HTTP/1.1\n\nHTTP/1.1 \(status)\n\(headers)\n\n\(answer)\n")
    }
}
