// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// What one operation has used so far, and how its requests are sent.
struct Conversation {
    /// Sent as `If-None-Match` with the first request; empty = unconditional.
    var validator = ""
    /// Whether each request opens a connection of its own, so that every step below HTTP is seen.
    var needsFreshConnection = false
    var timeout = TrackerLimits.callTimeMax
    /// The entity tag of the last answer.
    fileprivate(set) var newValidator = ""
    fileprivate(set) var requests = 0
    /// Whether a request that may have changed something was answered well.
    fileprivate(set) var hasWritten = false
    /// What its answers gave away of a changing interface.
    var drift = DriftNotes()
    /// How the steps below HTTP went, for each answer.
    fileprivate(set) var lastResponse: HTTPResponse?
}

extension TrackerRunner {
    /// Runs an operation to its end.
    /// - Returns: nil when the tracker says that nothing changed since the validator was handed out.
    func run<Value: Sendable>(
        _ call: TrackerCall<Value>, with source: TrackerSource, reading tracker: any Tracker,
        _ conversation: inout Conversation
    ) async throws(TrackerError) -> Value? {
        var call = call
        while true {
            switch call {
            case .done(let value): return value
            case .send(let request, let step):
                conversation.requests += 1
                guard conversation.requests <= TrackerLimits.requestsPerCallMax else {
                    throw TrackerError(.badResponse, "The tracker keeps asking for one more request.")
                }
                do throws(TrackerError) {
                    guard
                        let next = try await attempts(
                            request, step, with: source, reading: tracker, &conversation)
                    else { return nil }
                    call = next
                } catch {
                    var failure = error
                    failure.isAfterWrite = failure.isAfterWrite || conversation.hasWritten
                    failure.isBeforeWrite = request.changesNothing && !failure.isAfterWrite
                    if failure.code == .credentialsRejected || failure.code == .credentialsExpired,
                        !failure.isUnsent
                    {
                        tokens.forget(source)
                    }
                    throw failure
                }
            }
        }
    }

    /// Runs an operation that is never conditional.
    func run<Value: Sendable>(
        _ call: TrackerCall<Value>, with source: TrackerSource, reading tracker: any Tracker
    ) async throws(TrackerError) -> Value {
        var conversation = Conversation()
        guard let value = try await run(call, with: source, reading: tracker, &conversation) else {
            throw Self.unaskedNotModified
        }
        return value
    }

    static var unaskedNotModified: TrackerError {
        TrackerError(.badResponse, "The tracker says that nothing changed, but was not asked that.")
    }

    /// Sends a request, more than once if the traffic control wants a failed one repeated: of those that
    /// change nothing.
    /// - Returns: how the operation goes on; nil when nothing changed since the validator was handed out.
    private func attempts<Value: Sendable>(
        _ request: TrackerRequest, _ step: TrackerCall<Value>.Step, with source: TrackerSource,
        reading tracker: any Tracker, _ conversation: inout Conversation
    ) async throws(TrackerError) -> TrackerCall<Value>? {
        var attempt = 1
        var lastFailure: TrackerError?
        while true {
            let failure: TrackerError
            do throws(TrackerError) {
                return try await exchange(request, step, with: source, reading: tracker, &conversation)
            } catch {
                // That a repeat was not let out says less than why there was one.
                if error.isUnsent, let lastFailure { throw lastFailure }
                failure = error
            }
            let wish = TrafficWish(source, timeLeft: timeLeft(conversation))
            guard request.changesNothing,
                let pause = traffic.pause(beforeAttempt: attempt + 1, of: wish, after: failure)
            else { throw failure }
            do { try await clock.sleep(for: pause) } catch { throw failure }
            lastFailure = failure
            attempt += 1
        }
    }

    private func timeLeft(_ conversation: Conversation) -> Duration {
        OperationBudget.current?.left ?? conversation.timeout
    }

    /// Sends a request, judges the answer's status and takes the operation's next step.
    private func exchange<Value: Sendable>(
        _ request: TrackerRequest, _ step: TrackerCall<Value>.Step, with source: TrackerSource,
        reading tracker: any Tracker, _ conversation: inout Conversation
    ) async throws(TrackerError) -> TrackerCall<Value>? {
        let url = Self.url(of: request, to: source, tracker)
        let key = AnswerCache.Key(
            sourceID: source.source.id, revision: source.source.revision, credential: source.credential,
            url: url, body: request.body)
        if request.reusableFor > .zero, let kept = answers.answer(key, at: wallClock()) {
            let notes = DriftNotes()
            defer { tell(notes, about: request, of: source, conversation) }
            return try step(kept.noting(notes))
        }
        var request = request
        let isConditional = conversation.requests == 1 && !conversation.validator.isEmpty
        if isConditional { request.headers.append(HTTPField("If-None-Match", conversation.validator)) }
        let (response, crossing) = try await followingMoves(
            request, from: url, with: source, tracker, &conversation)
        let notes = DriftNotes(DriftHeaders.signs(of: response))
        // An adapter that can do without the call accepts the status, and would be the only one to know.
        if response.status == 410, judge(response, of: source, reading: tracker)?.code == .apiGone {
            notes.note(DriftSign(.apiGone))
        }
        defer { tell(notes, about: request, of: source, conversation) }
        do throws(TrackerError) {
            try check(response, to: request, isConditional: isConditional, of: source, reading: tracker)
            conversation.newValidator = response.validator
            if request.reusableFor > .zero, response.isGood {
                answers.keep(response, for: key, until: wallClock() + request.reusableFor)
            }
            // What a step makes of a write's own answer is the tracker's word on it: a refusal is one.
            let next = response.status == 304 ? nil : try step(response.noting(notes))
            if !request.changesNothing, response.isGood { conversation.hasWritten = true }
            crossing.end(response, at: wallClock())
            return next
        } catch {
            if error.code == .apiGone { notes.note(DriftSign(.apiGone)) }
            crossing.end(response, at: wallClock(), failure: error)
            throw error
        }
    }

    private func check(
        _ response: TrackerResponse, to request: TrackerRequest, isConditional: Bool,
        of source: TrackerSource, reading tracker: any Tracker
    ) throws(TrackerError) {
        if response.status == 304, !isConditional { throw Self.unaskedNotModified }
        guard !request.acceptedStatuses.contains(response.status),
            var failure = judge(response, of: source, reading: tracker)
        else { return }
        // A page for people, or a way to one, may be how a proxy tells that the write was done.
        let isPage = failure.code == .credentialsRejected && response.isGood || response.status == 303
        failure.isAfterWrite = !request.changesNothing && isPage
        throw failure
    }

    /// What an answer's status means: by the adapter's own reading, else by the common one. A refusal after
    /// the credential's known end is its end.
    func judge(
        _ response: TrackerResponse, of source: TrackerSource, reading tracker: any Tracker
    ) -> TrackerError? {
        let now = wallClock()
        let own = (tracker as? any IssueFetching)?.failure(response)
        let common = response.failure(at: now)
        guard var failure = own ?? common else { return nil }
        if failure.code == .credentialsRejected, let end = source.credentialExpiresAt, end <= now {
            failure = TrackerError(.credentialsExpired, "The credential has expired. Enter a new one.")
        }
        if failure.retryAfter == nil {
            switch failure.code {
            case .rateLimited: failure.retryAfter = RateHints(response, at: now).waitingTime
            case .unavailable: failure.retryAfter = common?.retryAfter
            default: break
            }
        }
        return failure
    }

    private func followingMoves(
        _ request: TrackerRequest, from url: String, with source: TrackerSource, _ tracker: any Tracker,
        _ conversation: inout Conversation
    ) async throws(TrackerError) -> (TrackerResponse, Crossing) {
        var url = url
        var redirects = 0
        while true {
            let (raw, crossing) = try await send(request, to: url, of: source, conversation)
            conversation.lastResponse = raw
            var response = TrackerResponse(raw)
            response.wasMoved = redirects > 0
            guard request.followsMoves, request.method == .get,
                [301, 302, 307, 308].contains(response.status),
                redirects < TrackerLimits.redirectsMax, let location = response.header("location"),
                let next = Self.move(from: url, to: location, within: tracker.apiBase(of: source.source))
            else { return (response, crossing) }
            crossing.end(response, at: wallClock())
            redirects += 1
            url = next
        }
    }

    /// Where a redirect leads, if that lies within the API address: nothing else has been judged, and the
    /// credential must not travel.
    static func move(from url: String, to location: String, within base: String) -> String? {
        let next: String
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            guard let here = try? PastedURL(url) else { return nil }
            next = here.origin + location
        } else {
            next = location
        }
        guard let target = try? PastedURL(next), let home = try? PastedURL(base), target.isAbsolute,
            target.origin == home.origin, target.segments.starts(with: home.segments),
            !next.lowercased().contains("login"), !next.lowercased().contains("sign_in")
        else { return nil }
        return next
    }

    static func url(of request: TrackerRequest, to source: TrackerSource, _ tracker: any Tracker) -> String {
        switch request.base {
        case .api: tracker.apiBase(of: source.source) + request.pathAndQuery
        case .web: source.source.baseURL.withoutTrailingSlashes + request.pathAndQuery
        case .address(let address): address.withoutTrailingSlashes + request.pathAndQuery
        }
    }

    /// Sends once the traffic control lets it; whoever calls ends the crossing.
    private func send(
        _ request: TrackerRequest, to url: String, of source: TrackerSource, _ conversation: Conversation
    ) async throws(TrackerError) -> (HTTPResponse, Crossing) {
        let pass = try await traffic.admit(TrafficWish(source, timeLeft: timeLeft(conversation)))
        let crossing = Crossing(traffic: traffic, pass: pass, elapsed: clock.stopwatch())
        // It may have been switched off while the request waited for its turn, or to be repeated.
        guard await mayCall(source) else {
            crossing.end(.switchedOff)
            throw .switchedOff
        }
        do throws(HTTPError) {
            let message = Self.message(request, to: url, of: source, conversation)
            return (try await transport.send(message), crossing)
        } catch {
            let failure = TrackerError(error)
            crossing.end(failure)
            throw failure
        }
    }

    private static func message(
        _ request: TrackerRequest, to url: String, of source: TrackerSource, _ conversation: Conversation
    ) -> HTTPRequest {
        var message = HTTPRequest(request.method, url)
        message.headers = request.headers
        message.body = request.body
        message.timeout = conversation.timeout
        message.bodyBytesMax = TrackerLimits.jsonBytesMax
        message.caFile = source.caFile
        message.partition = source.source.id.rawValue
        message.needsFreshConnection = conversation.needsFreshConnection
        return message
    }
}

extension TrackerResponse {
    /// Whether the tracker says that it did what was asked.
    fileprivate var isGood: Bool { (200..<300).contains(status) }

    /// The same, with a place for what does not fit the contract. A refusal gets none: contracts seldom say
    /// what those look like.
    fileprivate func noting(_ notes: DriftNotes) -> TrackerResponse {
        var response = self
        if isGood { response.notes = notes }
        return response
    }
}

extension String {
    /// An address to which a path can be appended.
    var withoutTrailingSlashes: String {
        var text = self[...]
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
