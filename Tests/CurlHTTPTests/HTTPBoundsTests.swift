// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPBoundsTests {
    private let client = HTTPClient(egress: TestPolicy())

    @Test func `an endless body is cut at the limit`() async {
        let server = TestServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "a", count: 65_536) + "\r\n"
            while connection.write(chunk) {}
        }
        defer { server.stop() }
        let clock = ContinuousClock()
        let elapsed = await clock.measure {
            await expect(.bodyTooLarge, client, HTTPRequest(.get, server.url))
        }
        #expect(elapsed < .seconds(5), "took \(elapsed)")
    }

    @Test func `a body of exactly the limit passes and one byte more does not`() async throws {
        let server = TestServer.answering { _ in
            TestServer.response("200 OK", body: String(repeating: "a", count: 1_000))
        }
        defer { server.stop() }
        var request = HTTPRequest(.get, server.url)
        request.bodyBytesMax = 1_000
        #expect(try await client.send(request).body.count == 1_000)
        request.bodyBytesMax = 999
        await expect(.bodyTooLarge, client, request)
    }

    @Test func `compressed bodies are decoded, and a bomb is cut at its decoded size`() async throws {
        let bomb = try await Fixtures.gzip(zeros: 64 * 1_024 * 1_024)
        let small = try await Fixtures.gzip(zeros: 1_000)
        #expect(bomb.count < 100_000)
        let server = TestServer { connection in
            while let request = connection.readRequest() {
                let body = request.firstLine.contains("/bomb") ? bomb : small
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
                connection.write(body)
            }
        }
        defer { server.stop() }
        #expect(
            try await client.send(HTTPRequest(.get, server.url + "/small")).body
                == Array(repeating: 0, count: 1_000))
        await expect(.bodyTooLarge, client, HTTPRequest(.get, server.url + "/bomb"))
    }

    @Test func `a body that is not compressed as it says is a protocol failure`() async {
        let server = TestServer.answering { _ in
            TestServer.response("200 OK", ["Content-Encoding: gzip"], body: "plain")
        }
        defer { server.stop() }
        await expect(.protocolFailure, client, HTTPRequest(.get, server.url))
    }

    @Test(arguments: ["X-A: \(String(repeating: "b", count: 1_000))\r\n", "A: b\r\n"])
    func `endless headers are cut`(line: String) async {
        let server = TestServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write(String(repeating: line, count: 16)) {}
        }
        defer { server.stop() }
        await expect(.headersTooLarge, client, HTTPRequest(.get, server.url))
    }

    @Test func `a server that drips bytes is cut at the deadline`() async {
        let server = TestServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while connection.write("a"), !connection.waitForClose(atMost: 50) {}
        }
        defer { server.stop() }
        await expectTimeOut(server, at: .body)
    }

    @Test func `a server that accepts and keeps silent is cut at the deadline`() async {
        let server = TestServer.silent()
        defer { server.stop() }
        await expectTimeOut(server, at: .response)
    }

    @Test func `a body shorter than its length is a lost connection`() async {
        let server = TestServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        }
        defer { server.stop() }
        await expect(.connectionLost, client, HTTPRequest(.get, server.url))
    }

    @Test func `bytes behind a body's length are dropped and do not become the next answer`() async throws {
        let server = TestServer.answering { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        }
        defer { server.stop() }
        for _ in 0..<3 {
            #expect(try await client.send(HTTPRequest(.get, server.url)).body == Array("ok".utf8))
        }
    }

    @Test(arguments: [
        "220 mail.example ESMTP\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\u{1}", "HTTP/1.1 abc\r\n\r\n",
    ])
    func `what is no HTTP is a protocol failure`(greeting: String) async {
        let server = TestServer { connection in
            _ = connection.readRequest()
            connection.write(greeting)
        }
        defer { server.stop() }
        await expect(.protocolFailure, client, HTTPRequest(.get, server.url))
    }

    @Test func `an answer that never starts is a lost connection`() async {
        let server = TestServer { connection in _ = connection.readRequest() }
        defer { server.stop() }
        await expect(.connectionLost, client, HTTPRequest(.get, server.url))
    }

    private func expectTimeOut(_ server: TestServer, at stage: HTTPStage) async {
        var request = HTTPRequest(.get, server.url)
        request.timeout = .milliseconds(300)
        let elapsed = await ContinuousClock().measure {
            let error = await expect(.timedOut, client, request)
            #expect(error?.stage == stage)
        }
        #expect(elapsed > .milliseconds(250) && elapsed < .seconds(2), "took \(elapsed)")
    }
}
