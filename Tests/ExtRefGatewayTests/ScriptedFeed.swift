// SPDX-License-Identifier: Apache-2.0

import ExtRefGateway
import Synchronization

/// A feed that says what a test tells it to, and remembers what it was asked.
final class ScriptedFeed: ChangeFollowing, ChangeFeed {
    enum Step: Sendable {
        case page(ChangeFeedPage)
        /// Waits until it is ended.
        case silence
        case end(String)
    }

    private struct State {
        var requests: [ChangeFeedRequest] = []
        var waits: [Duration] = []
        var isEnded = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let step: @Sendable (_ number: Int) -> Step
    private let refusal: HTTPRefusal?
    private let state = Mutex(State())
    private let ended = AsyncStream.makeStream(of: Void.self)

    /// - Parameters:
    ///   - refusal: what everybody is answered; nil = everybody gets the feed.
    ///   - step: what the read of this number says, from 0.
    init(refusing refusal: HTTPRefusal? = nil, _ step: @escaping @Sendable (_ number: Int) -> Step) {
        self.refusal = refusal
        self.step = step
    }

    /// Says these pages, and then nothing.
    convenience init(pages: [ChangeFeedPage]) {
        self.init { $0 < pages.count ? .page(pages[$0]) : .silence }
    }

    var requests: [ChangeFeedRequest] { state.withLock { $0.requests } }
    var waits: [Duration] { state.withLock { $0.waits } }

    /// Returns when somebody ended the feed.
    func hasEnded() async {
        for await _ in ended.stream { return }
    }

    func open(_ request: ChangeFeedRequest) async -> ChangeFeedAnswer {
        state.withLock { $0.requests.append(request) }
        if let refusal { return .refused(refusal) }
        return .open(self)
    }

    func next(atMost wait: Duration) async throws(ChangeFeedEnd) -> ChangeFeedPage {
        let (number, isEnded) = state.withLock { state in
            state.waits.append(wait)
            return (state.waits.count - 1, state.isEnded)
        }
        guard !isEnded else { throw ChangeFeedEnd("CANCELLED") }
        switch step(number) {
        case .page(let page): return page
        case .end(let reason): throw ChangeFeedEnd(reason)
        case .silence:
            await sleepUntilEnded()
            throw ChangeFeedEnd("CANCELLED")
        }
    }

    func end() {
        let sleeper = state.withLock { state in
            state.isEnded = true
            return state.sleeper.take()
        }
        sleeper?.resume()
        ended.continuation.yield()
    }

    private func sleepUntilEnded() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isEnded = state.withLock { state in
                    if !state.isEnded { state.sleeper = continuation }
                    return state.isEnded
                }
                if isEnded { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }
}

extension ChangeFeedPage {
    /// A page of events with these numbers.
    static func events(_ numbers: some Sequence<Int>, cursor: Int? = nil, data: String = "{}") -> Self {
        let events = numbers.map { ChangeFeedEvent(id: String($0), kind: "kind", data: data) }
        return ChangeFeedPage(events: events, cursor: cursor.map(String.init) ?? events.last?.id ?? "0")
    }
}
