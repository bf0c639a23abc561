// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers
import Synchronization
import TrackerConformance

/// Answers requests in order, the last answer again and again, and remembers what was sent.
final class ScriptedAnswers: HTTPTransport {
    struct Answer {
        var status = 200
        var headers = [String: String]()
        var body = ""
    }

    private let answers: [Answer]
    private let requests = Mutex<[HTTPRequest]>([])

    init(_ answers: [Answer]) { self.answers = answers }

    /// Good answers of JSON.
    convenience init(_ bodies: String...) { self.init(bodies.map { Answer(body: $0) }) }

    var sent: [HTTPRequest] { requests.withLock { $0 } }
    /// Method and URL of every request.
    var lines: [String] { sent.map { "\($0.method.rawValue) \($0.url)" } }
    var bodies: [String] { sent.map { String(decoding: $0.body ?? [], as: UTF8.self) } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        let answer = answers[min(number, answers.count) - 1]
        var headers = answer.headers.map { HTTPField($0.key, $0.value) }
        if answer.headers["content-type"] == nil {
            headers.append(HTTPField("content-type", "application/json"))
        }
        return HTTPResponse(status: answer.status, headers: headers, body: Array(answer.body.utf8))
    }
}

/// Runs a conversation to its end with answers in order.
func converse<Value: Sendable>(
    _ call: TrackerCall<Value>, with answers: [String]
) throws -> (value: Value, requests: [TrackerRequest]) {
    var call = call
    var requests = [TrackerRequest]()
    while true {
        switch call {
        case .done(let value): return (value, requests)
        case .send(let request, let step):
            let body = Array(answers[min(requests.count, answers.count - 1)].utf8)
            requests.append(request)
            call = try step(TrackerResponse(status: 200, body: body))
        }
    }
}

extension RecordedExchange {
    /// A good JSON answer for the exam, which asks no more of it than its body.
    init?(answering body: String) {
        self.init("GET / HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n\(body)")
    }
}

/// Compares the words of JSON, whatever blanks stand between them in the test.
func packed(_ json: String) -> String {
    json.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.joined()
}
