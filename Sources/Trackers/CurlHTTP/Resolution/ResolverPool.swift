// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Runs a blocking ``NameResolver`` on a few threads of its own.
///
/// `getaddrinfo` cannot be interrupted, so a silent name keeps its thread for as long as the system likes.
/// Three bounds keep that from spreading: calls for one name share one look-up; names that kept silent may
/// together hold only a few threads; and every caller stops waiting at its own deadline, whatever the thread
/// does.
final class ResolverPool: Sendable {
    typealias Answer = OneShot<[IPAddress]>

    private struct Lookup {
        let name: String
        var answers: [Answer]
        var isSuspect: Bool
    }

    private struct State {
        var lookups: [String: Lookup] = [:]
        var queue: [String] = []
        var threads = 0
        var idleThreads = 0
        var silentNames: [String] = []
        var isShutDown = false
    }

    /// What a call to ``ResolverPool/resolve(_:into:)`` has to do after the lock is released.
    private enum Step {
        case wait, startThread
        case refuse(String)
    }

    private let resolver: any NameResolver
    private let state = Mutex(State())
    private let wake = Semaphore()

    init(_ resolver: any NameResolver) {
        self.resolver = resolver
    }

    /// Looks a name up; the answer comes from a resolver thread.
    func resolve(_ name: String, into answer: Answer) {
        switch state.withLock({ plan(name, answer, &$0) }) {
        case .wait: wake.signal()
        case .refuse(let message): answer.fulfil(.failure(HTTPError(.dns, at: .dns, message)))
        case .startThread:
            guard !WorkerThread.start("extref-dns", { self.run() }) else { return wake.signal() }
            state.withLock { $0.threads -= 1 }
            answer.fulfil(.failure(HTTPError(.overloaded, at: .dns, "The system has no more threads.")))
        }
    }

    /// Remembers that a name kept its caller waiting until the deadline.
    func noteSilence(of name: String) {
        state.withLock { state in
            state.lookups[name]?.isSuspect = true
            guard !state.silentNames.contains(name) else { return }
            state.silentNames.append(name)
            if state.silentNames.count > HTTPLimits.silentNamesMax { state.silentNames.removeFirst() }
        }
    }

    /// Ends the threads once they come back from the system.
    func shutDown() {
        let threads = state.withLock { state in
            state.isShutDown = true
            return state.threads
        }
        for _ in 0..<threads { wake.signal() }
    }

    private func plan(_ name: String, _ answer: Answer, _ state: inout State) -> Step {
        guard !state.isShutDown else { return .refuse("The client is shut down.") }
        if state.lookups[name] != nil {
            state.lookups[name]?.answers.append(answer)
            return .wait
        }
        let isSuspect = state.silentNames.contains(name)
        let suspects = state.lookups.values.count { $0.isSuspect }
        guard !isSuspect || suspects < HTTPLimits.resolverThreadsForSilentNamesMax else {
            return .refuse("The name service kept silent about this and other names.")
        }
        guard state.queue.count < HTTPLimits.resolverQueueMax else {
            return .refuse("Too many names are waiting for the name service.")
        }
        state.lookups[name] = Lookup(name: name, answers: [answer], isSuspect: isSuspect)
        state.queue.append(name)
        guard state.idleThreads < state.queue.count, state.threads < HTTPLimits.resolverThreadsMax else {
            return .wait
        }
        state.threads += 1
        return .startThread
    }

    private func run() {
        while let name = nextName() {
            let outcome = lookUp(name)
            let answers = state.withLock { state in
                if case .success = outcome { state.silentNames.removeAll { $0 == name } }
                return state.lookups.removeValue(forKey: name)?.answers ?? []
            }
            for answer in answers { answer.fulfil(outcome) }
        }
        state.withLock { $0.threads -= 1 }
    }

    private func nextName() -> String? {
        while true {
            let (isOver, name) = state.withLock { state -> (Bool, String?) in
                if state.isShutDown { return (true, nil) }
                guard !state.queue.isEmpty else {
                    state.idleThreads += 1
                    return (false, nil)
                }
                return (false, state.queue.removeFirst())
            }
            if isOver { return nil }
            if let name { return name }
            wake.wait()
            state.withLock { $0.idleThreads -= 1 }
        }
    }

    private func lookUp(_ name: String) -> Result<[IPAddress], HTTPError> {
        do throws(NameResolutionError) {
            let found = try resolver.addresses(of: name)
            guard found.isEmpty else { return .success(found) }
            return .failure(HTTPError(.dns, at: .dns, "The name has no address."))
        } catch {
            return .failure(HTTPError(.dns, at: .dns, "The name service failed: \(error.message)."))
        }
    }
}
