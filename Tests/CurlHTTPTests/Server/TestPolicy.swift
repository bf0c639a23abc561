// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Synchronization

/// A policy for tests: reads canonical URLs only, and allows every address that is not on its list.
final class TestPolicy: EgressPolicy {
    private struct State {
        var denied: Set<IPAddress> = []
        var judged: [IPAddress] = []
    }

    private let state = Mutex(State())

    init(denied: [String] = []) {
        deny(denied)
    }

    /// Every address that was judged, in order.
    var judged: [IPAddress] { state.withLock { $0.judged } }

    func deny(_ addresses: [String]) {
        state.withLock { $0.denied = Set(addresses.compactMap { IPAddress($0) }) }
    }

    func judge(url: String) throws(EgressDenial) -> EgressTarget {
        guard let mark = url.firstRange(of: "://"),
            let scheme = EgressTarget.Scheme(rawValue: String(url[..<mark.lowerBound]))
        else { throw EgressDenial(.scheme, "no scheme") }
        let rest = url[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let name = authority.prefix { $0 != ":" }
        let port = UInt16(authority[name.endIndex...].dropFirst()) ?? scheme.defaultPort
        let host: EgressTarget.Host = IPAddress(String(name)).map { .address($0) } ?? .name(String(name))
        let path = String(rest[authority.endIndex...])
        return EgressTarget(scheme: scheme, host: host, port: port, pathAndQuery: path.isEmpty ? "/" : path)
    }

    func judge(address: IPAddress, of target: EgressTarget) throws(EgressDenial) {
        let isDenied = state.withLock { state in
            state.judged.append(address)
            return state.denied.contains(address)
        }
        if isDenied { throw EgressDenial(.addressDenied, "the test denies \(address)") }
    }
}

/// A name service for tests: answers from a script, one answer a look-up, the last one for ever.
final class StubResolver: NameResolver {
    private let answers: Mutex<[String: [[String]]]>
    /// Silent names block until the stub is released.
    private let silent: Set<String>
    private let gate = Mutex(())
    private let isOpen = Atomic(false)
    let lookups = Atomic(0)

    init(_ answers: [String: [[String]]], silent: Set<String> = []) {
        self.answers = Mutex(answers)
        self.silent = silent
    }

    /// Lets the silent look-ups end.
    func release() { isOpen.store(true, ordering: .releasing) }

    func addresses(of name: String) throws(NameResolutionError) -> [IPAddress] {
        lookups.add(1, ordering: .relaxed)
        while silent.contains(name), !isOpen.load(ordering: .acquiring) { pause() }
        let answer = answers.withLock { answers -> [String]? in
            guard var script = answers[name], let first = script.first else { return nil }
            if script.count > 1 { script.removeFirst() }
            answers[name] = script
            return first
        }
        guard let answer else { throw NameResolutionError("the test knows no such name") }
        return answer.compactMap { IPAddress($0) }
    }

    /// Blocks the resolver's own thread for a moment, as a silent name service would for seconds.
    private func pause() { _ = poll(nil, 0, 5) }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
