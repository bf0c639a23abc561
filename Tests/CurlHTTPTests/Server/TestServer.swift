// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A server on a port of the system's choice that speaks whatever bytes a test wants, right or wrong.
///
/// One thread accepts, one serves each connection.
final class TestServer: Sendable {
    struct Counts {
        var connections = 0
        var underWay = 0
        var underWayMax = 0
        var requests: [ReceivedRequest] = []
    }

    let port: UInt16
    private let descriptor: Int32
    private let counts = Mutex(Counts())
    private let isStopped = Atomic(false)

    /// Every test runs with proxy variables that lead nowhere: whoever obeyed them would fail.
    private static let proxyTrap: Void = {
        for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            unsafe setenv(name, "http://127.0.0.1:1", 1)
        }
    }()

    /// Listens on loopback.
    init(_ handler: @escaping @Sendable (ServerConnection) -> Void) {
        Self.proxyTrap
        signal(SIGPIPE, SIG_IGN)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 256) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        precondition(isBound, "the test server could not listen")
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
        let thread = Thread { [self] in acceptAll(handler) }
        thread.start()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var connections: Int { counts.withLock { $0.connections } }
    var requests: [ReceivedRequest] { counts.withLock { $0.requests } }
    var underWayMax: Int { counts.withLock { $0.underWayMax } }

    func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        // The accepting thread closes it: its number may not be given away while that thread still uses it.
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    func note(_ request: ReceivedRequest) { counts.withLock { $0.requests.append(request) } }

    func noteUnderWay(_ change: Int) {
        counts.withLock {
            $0.underWay += change
            $0.underWayMax = max($0.underWayMax, $0.underWay)
        }
    }

    private func acceptAll(_ handler: @escaping @Sendable (ServerConnection) -> Void) {
        while true {
            let peer = accept(descriptor, nil, nil)
            guard peer >= 0 else {
                close(descriptor)
                return
            }
            counts.withLock { $0.connections += 1 }
            let thread = Thread { [self] in
                let connection = ServerConnection(peer, self)
                handler(connection)
                connection.end()
            }
            thread.start()
        }
    }
}

/// A request as it came over the wire.
struct ReceivedRequest: Sendable {
    let head: String
    let body: String

    var firstLine: String {
        head.split(separator: "\r\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }

    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else { continue }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }
}

/// One connection, used by its own thread only.
final class ServerConnection {
    let server: TestServer
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32, _ server: TestServer) {
        self.descriptor = descriptor
        self.server = server
    }

    func end() { close(descriptor) }

    /// Reads a request; nil when the peer has closed.
    func readRequest() -> ReceivedRequest? {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { guard receive() else { return nil } }
        guard let range = buffer.firstRange(of: end) else { return nil }
        let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
        buffer.removeSubrange(..<range.upperBound)
        let length = ReceivedRequest(head: head, body: "").header("content-length").flatMap { Int($0) } ?? 0
        while buffer.count < length { guard receive() else { return nil } }
        let request = ReceivedRequest(
            head: head, body: String(decoding: buffer.prefix(length), as: UTF8.self))
        buffer.removeFirst(length)
        server.note(request)
        return request
    }

    /// Sends bytes; false when the peer has gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe send(
                    descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Waits until the peer closes, or for so long.
    /// - Returns: whether it closed.
    func waitForClose(atMost milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, milliseconds) > 0 else { return false }
        return !receive()
    }

    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}

extension TestServer {
    /// Answers every request on a connection with what the closure makes of it.
    static func answering(
        _ answer: @escaping @Sendable (ReceivedRequest) -> String
    ) -> TestServer {
        TestServer { connection in
            while let request = connection.readRequest() { connection.write(answer(request)) }
        }
    }

    /// Accepts, reads and keeps silent until the client goes.
    static func silent() -> TestServer {
        TestServer { connection in
            _ = connection.readRequest()
            _ = connection.waitForClose(atMost: 30_000)
        }
    }

    /// An answer with a length.
    static func response(_ status: String, _ headers: [String] = [], body: String = "") -> String {
        (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers).joined(separator: "\r\n")
            + "\r\n\r\n" + body
    }
}
