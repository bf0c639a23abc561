// SPDX-License-Identifier: Apache-2.0

/// Sends requests to trackers, and nowhere that the egress policy forbids.
///
/// A call goes through these steps, each bounded in time and number:
///
///     checks ─► egress: URL ─► bulkhead ─► own name resolution ─► egress: every address ─► transfer
///
/// The transfer dials only the judged addresses, and libcurl's socket callbacks ask the policy again. All
/// calls share one transfer thread, one pool of connections and a few resolver threads.
public final class HTTPClient: HTTPTransport {
    private let policy: any EgressPolicy
    private let configuration: HTTPClientConfiguration
    private let bulkhead: Bulkhead
    private let names: ResolverPool
    private let loop = TransferLoop()

    /// Starts the transfer thread.
    /// - Parameters:
    ///   - egress: decides where requests may go.
    ///   - configuration: what the operator chose.
    ///   - resolver: answers names; blocking, called on threads of its own.
    public init(
        egress: any EgressPolicy, configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
        resolver: any NameResolver = SystemNameResolver()
    ) {
        policy = egress
        self.configuration = configuration
        names = ResolverPool(resolver)
        bulkhead = Bulkhead(
            placesMax: min(configuration.transfersMax, HTTPLimits.transfersMax),
            placesPerPartitionMax: min(
                configuration.transfersPerPartitionMax, HTTPLimits.transfersPerPartitionMax))
    }

    deinit { shutDown() }

    /// Ends every transfer with ``HTTPError/Code/shutDown`` and lets the threads go. Calls after it fail
    /// likewise.
    public func shutDown() {
        loop.shutDown()
        names.shutDown()
    }

    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let start = ContinuousClock.now
        var timings = HTTPTimings()
        do throws(HTTPError) {
            var response = try await perform(request, from: start, noting: &timings)
            response = HTTPResponse(
                status: response.status, headers: response.headers, body: response.body,
                timings: response.timings.merging(timings, total: .now - start))
            return response
        } catch {
            var failure = error
            failure.timings = failure.timings.merging(timings, total: .now - start)
            throw failure
        }
    }

    private func perform(
        _ request: HTTPRequest, from start: ContinuousClock.Instant, noting timings: inout HTTPTimings
    ) async throws(HTTPError) -> HTTPResponse {
        guard !Task.isCancelled else { throw HTTPError(.cancelled, at: .request, "The call was cancelled.") }
        try check(request)
        let target = try judge(request.url)
        let deadline = start + min(request.timeout, HTTPLimits.totalTimeMax)
        let partition = request.partition.isEmpty ? target.origin : request.partition
        try await enter(partition, until: deadline)
        defer { bulkhead.leave(partition) }
        timings.queue = .now - start

        let resolutionStart = ContinuousClock.now
        let addresses = try await addresses(of: target, until: deadline)
        if case .name = target.host { timings.dns = .now - resolutionStart }

        let transfer = Transfer(
            request, to: target, at: addresses, policy: policy, configuration: configuration,
            deadline: deadline)
        loop.add(transfer)
        return try await transfer.outcome.value(at: .response) { [loop] in loop.cancel(transfer) }
    }

    private func check(_ request: HTTPRequest) throws(HTTPError) {
        for field in request.headers {
            guard let fault = field.fault else { continue }
            throw HTTPError(.invalidRequest, at: .request, "A request header \(fault).")
        }
        guard (request.body?.count ?? 0) <= HTTPLimits.requestBodyBytesMax else {
            throw HTTPError(.invalidRequest, at: .request, "The request body is too large.")
        }
    }

    private func judge(_ url: String) throws(HTTPError) -> EgressTarget {
        do throws(EgressDenial) {
            let target = try policy.judge(url: url)
            if case .address(let address) = target.host { try policy.judge(addresses: [address], of: target) }
            return target
        } catch {
            throw HTTPError(error)
        }
    }

    private func enter(_ partition: String, until deadline: ContinuousClock.Instant) async throws(HTTPError) {
        guard let place = try bulkhead.enter(partition) else { return }
        let timer = loop.schedule(at: deadline) {
            place.fulfil(
                .failure(HTTPError(.timedOut, at: .queue, "Other calls to this tracker took too long.")))
        }
        defer { loop.cancelTimer(timer) }
        do throws(HTTPError) {
            try await place.value(at: .queue)
        } catch {
            bulkhead.forget(place)
            throw error
        }
    }

    /// Resolves the target's host and has every address judged.
    private func addresses(
        of target: EgressTarget, until deadline: ContinuousClock.Instant
    ) async throws(HTTPError) -> [IPAddress] {
        guard case .name(let name) = target.host else { return [] }
        let found = try await resolve(name, until: min(deadline, .now + configuration.resolveTimeout))
        do throws(EgressDenial) {
            try policy.judge(addresses: found, of: target)
        } catch {
            throw HTTPError(error)
        }
        return found
    }

    private func resolve(
        _ name: String, until deadline: ContinuousClock.Instant
    ) async throws(HTTPError) -> [IPAddress] {
        let answer = ResolverPool.Answer()
        let timer = loop.schedule(at: deadline) { [names] in
            let error = HTTPError(.timedOut, at: .dns, "The name service did not answer in time.")
            if answer.fulfil(.failure(error)) { names.noteSilence(of: name) }
        }
        defer { loop.cancelTimer(timer) }
        names.resolve(name, into: answer)
        return try await answer.value(at: .dns)
    }
}

extension HTTPTimings {
    /// Adds the steps that the client itself took.
    fileprivate func merging(_ own: HTTPTimings, total: Duration) -> HTTPTimings {
        var merged = self
        merged.queue = own.queue
        merged.dns = own.dns
        merged.total = total
        return merged
    }
}
