// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import Glibc
import NIOCore
import NIOPosix
import RPC
import Testing

/// What happens when the process runs out of file descriptors; in a process of its own, because they are the
/// whole process's.
@Suite(.timeLimit(.minutes(1))) struct DescriptorTests {
    @Test func aFullDescriptorTableDoesNotSpin() async {
        await #expect(processExitsWith: .success) {
            try await TestServer.run(eventLoops: 1) { server in
                let honest = try await RawPeer.open(to: server.endpoint)
                try await honest.send(RawPeer.frame(1, "x"))
                try #require(await honest.answer()?.code == .ok)

                let sockets = (0..<8).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
                let fillers = Descriptors.takeAll()
                for descriptor in sockets { try Descriptors.connect(descriptor, to: server.endpoint) }
                let before = Descriptors.processorTime()
                // A sleep of the standard library would need descriptors of its own.
                try await MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .milliseconds(600)) {}
                    .futureResult.get()
                let used = Descriptors.processorTime() - before
                try #require(used < .milliseconds(120), "\(used) of 600 ms were spent")

                // Who is connected is served, and who waits is accepted as soon as there are descriptors
                // again.
                try await honest.send(RawPeer.frame(3, "y"))
                try #require(await honest.answer()?.code == .ok)
                try #require(server.log.count("opened") == 1)
                for descriptor in fillers { close(descriptor) }
                await server.log.wait(for: "opened", count: 9)
            }
        }
    }
}

/// The descriptors of this process.
enum Descriptors {
    private static let limit: rlim_t = 128

    /// Lowers the limit and takes all that are left.
    static func takeAll() -> [Int32] {
        var bounds = rlimit(rlim_cur: limit, rlim_max: limit)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &bounds)
        var taken: [Int32] = []
        while case let descriptor = dup(0), descriptor >= 0 { taken.append(descriptor) }
        return taken
    }

    /// Connects a socket; on loopback the kernel does it at once, whether anybody accepts or not.
    static func connect(_ descriptor: Int32, to endpoint: Endpoint) throws {
        guard case .tcp(let host, let port) = endpoint else { return }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        try #require(unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1)
        let result = unsafe withUnsafeBytes(of: address) { bytes in
            let start = unsafe bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return unsafe Glibc.connect(descriptor, start, socklen_t(bytes.count))
        }
        try #require(result == 0)
    }

    /// User and system time of this process.
    static func processorTime() -> Duration {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }
}
#endif
