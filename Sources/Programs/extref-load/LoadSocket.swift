// SPDX-License-Identifier: Apache-2.0

import RPC

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A system call failed.
struct SocketError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { unsafe "\(call): \(String(cString: strerror(number)))" }

    static func last(_ call: String) -> SocketError { SocketError(call: call, number: errno) }
}

/// A connected socket that never blocks. It is closed when it is let go.
struct LoadSocket: ~Copyable {
    let descriptor: Int32

    init(connectingTo endpoint: Endpoint) throws(SocketError) {
        switch endpoint {
        case .tcp(let host, let port): descriptor = try Self.connect(host: host, port: port)
        case .unix(let path): descriptor = try Self.connect(path: path)
        }
    }

    deinit { close(descriptor) }

    /// Reads what there is; nil when there is nothing yet.
    ///
    /// - Returns: the number of bytes, 0 at the end of the stream.
    func read(into buffer: inout [UInt8]) throws(SocketError) -> Int? {
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return nil }
        throw .last("recv")
    }

    /// Writes as much as the kernel takes.
    ///
    /// - Returns: the number of bytes.
    func write(_ bytes: [UInt8], from offset: Int) throws(SocketError) -> Int {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
            return unsafe send(descriptor, rest.baseAddress, rest.count, Self.sendFlags)
        }
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return 0 }
        throw .last("send")
    }

    #if os(Linux)
    private static let sendFlags = Int32(MSG_NOSIGNAL)
    private static let streamSocket = Int32(SOCK_STREAM.rawValue)
    #else
    private static let sendFlags: Int32 = 0
    private static let streamSocket = SOCK_STREAM
    #endif

    private static func connect(host: String, port: Int) throws(SocketError) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw SocketError(call: "a host is a numeric IPv4 address", number: EINVAL)
        }
        let descriptor = try open(AF_INET, address)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size) == 0 else {
            throw .last("setsockopt")
        }
        return descriptor
    }

    private static func connect(path: String) throws(SocketError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw SocketError(call: "the path is too long", number: ENAMETOOLONG) }
        return try open(AF_UNIX, address)
    }

    private static func open<Address>(_ family: Int32, _ address: Address) throws(SocketError) -> Int32 {
        let descriptor = socket(family, streamSocket, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        let size = socklen_t(MemoryLayout<Address>.size)
        // Every socket address begins as a `sockaddr`; the call reads no more than `size` bytes of it.
        let result = unsafe withUnsafeBytes(of: address) { bytes in
            unsafe systemConnect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, size)
        }
        guard result == 0 else { throw .last("connect") }
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw .last("fcntl") }
        return descriptor
    }
}

/// The system call, under a name that no method hides.
private func systemConnect(
    _ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t
) -> Int32 {
    unsafe connect(descriptor, address, size)
}

/// Nanoseconds of a clock that never goes back.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
