// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
import Synchronization

/// Answers from recordings, in their order, and refuses every request that was not recorded next.
public final class RecordedTransport: HTTPTransport {
    private struct State {
        var expected: [RecordedExchange]
        var complaints: [String] = []
        var sent: [HTTPRequest] = []
    }

    private let baseURL: String
    private let state: Mutex<State>

    /// Plays recordings as if they came from a base URL.
    public init(_ exchanges: [RecordedExchange], baseURL: String) {
        self.baseURL = baseURL
        state = Mutex(State(expected: exchanges))
    }

    /// What was wrong with the requests, and which recordings nobody asked for.
    public var complaints: [String] {
        state.withLock {
            $0.complaints + $0.expected.map { "nobody asked for \($0.method) \($0.pathAndQuery)" }
        }
    }

    /// Every request, in order.
    public var sent: [HTTPRequest] { state.withLock { $0.sent } }

    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let answer = state.withLock { state -> HTTPResponse? in
            state.sent.append(request)
            guard let next = state.expected.first else {
                state.complaints.append("unexpected request \(request.url)")
                return nil
            }
            state.expected.removeFirst()
            if let complaint = complaint(about: request, next) { state.complaints.append(complaint) }
            return next.response
        }
        guard let answer else { throw HTTPError(.connect, at: .connect, "nothing more was recorded") }
        return answer
    }

    private func complaint(about request: HTTPRequest, _ exchange: RecordedExchange) -> String? {
        guard request.method.rawValue == exchange.method, request.url == baseURL + exchange.pathAndQuery
        else {
            let sent = "\(request.method.rawValue) \(request.url)"
            return "\(sent) instead of \(exchange.method) \(exchange.pathAndQuery)"
        }
        for field in exchange.requestHeaders {
            let sent = request.headers.filter { $0.name.lowercased() == field.name }.map(\.value)
            if sent != [field.value] {
                return "\(exchange.pathAndQuery): header \(field.name) is missing or differs"
            }
        }
        return nil
    }
}
