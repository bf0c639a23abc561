// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private let client = HTTPClient(egress: TestPolicy())

    @Test func `an answer arrives with status, headers, body and timings`() async throws {
        let server = TestServer.answering { _ in
            TestServer.response(
                "404 Not Found", ["Content-Type: application/json", "X-Twice: 1", "X-Twice: 2"], body: "{}")
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, server.url + "/issues/1.json?a=b%20c"))
        #expect(response.status == 404)
        #expect(response.header("content-type") == "application/json")
        #expect(response.headers.filter { $0.name == "x-twice" }.map(\.value) == ["1", "2"])
        #expect(response.body == Array("{}".utf8))
        #expect(response.timings.connect != nil && response.timings.dns == nil && response.timings.tls == nil)
        #expect(try #require(response.timings.total) >= #require(response.timings.connect))
        let request = try #require(server.requests.first)
        #expect(request.firstLine == "GET /issues/1.json?a=b%20c HTTP/1.1")
        #expect(request.header("user-agent") == "ExtRef")
        #expect(request.header("accept-encoding") == "gzip, deflate")
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete], ["{\"a\":1}", ""])
    func `a body is sent as it is, whatever the method`(method: HTTPRequest.Method, body: String) async throws
    {
        let server = TestServer.answering { _ in TestServer.response("204 No Content") }
        defer { server.stop() }
        let request = HTTPRequest(
            method, server.url + "/x", headers: [HTTPField("Content-Type", "application/json")],
            body: Array(body.utf8))
        #expect(try await client.send(request).status == 204)
        let received = try #require(server.requests.first)
        #expect(received.firstLine == "\(method.rawValue) /x HTTP/1.1")
        #expect(received.body == body)
        #expect(received.header("content-length") == String(body.utf8.count))
        #expect(received.header("expect") == nil)
    }

    @Test func `a HEAD answer has no body`() async throws {
        let server = TestServer.answering { _ in "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.head, server.url))
        #expect(response.status == 200 && response.body.isEmpty)
    }

    @Test(arguments: ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
    func `a redirect is an answer and no credential leaves`(status: String) async throws {
        let sink = TestServer.answering { _ in TestServer.response("200 OK") }
        let server = TestServer.answering { [url = sink.url] _ in
            TestServer.response(status, ["Location: \(url)/"])
        }
        defer {
            server.stop()
            sink.stop()
        }
        let request = HTTPRequest(.get, server.url, headers: [HTTPField("X-Redmine-API-Key", "secret")])
        let response = try await client.send(request)
        #expect(response.status / 100 == 3 && response.header("location") == sink.url + "/")
        #expect(sink.connections == 0)
    }

    @Test func `a cookie is not kept`() async throws {
        let server = TestServer.answering { _ in
            TestServer.response("200 OK", ["Set-Cookie: session=1; Path=/"])
        }
        defer { server.stop() }
        for _ in 0..<2 { _ = try await client.send(HTTPRequest(.get, server.url)) }
        #expect(server.requests.count == 2 && server.requests.allSatisfy { $0.header("cookie") == nil })
    }

    @Test func `connections are used again, unless a fresh one is asked for`() async throws {
        let server = TestServer.answering { _ in TestServer.response("200 OK", body: "x") }
        defer { server.stop() }
        #expect(try await client.send(HTTPRequest(.get, server.url)).timings.isConnectionReused == false)
        let second = try await client.send(HTTPRequest(.get, server.url))
        #expect(second.timings.isConnectionReused && second.timings.connect == nil)
        #expect(server.connections == 1)
        var request = HTTPRequest(.get, server.url)
        request.needsFreshConnection = true
        #expect(try await client.send(request).timings.connect != nil)
        #expect(server.connections == 2)
        #expect(try await client.send(HTTPRequest(.post, server.url)).timings.isConnectionReused == false)
        #expect(server.connections == 3)
    }

    @Test func `interim answers are skipped`() async throws {
        let server = TestServer.answering { _ in
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + TestServer.response("200 OK", body: "real")
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, server.url))
        #expect(
            response.status == 200 && response.header("link") == nil && response.body == Array("real".utf8))
    }

    @Test(arguments: [
        "a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u{7F}", String(repeating: "a", count: 16_385),
    ])
    func `a header value that could start another header is refused`(value: String) async {
        let request = HTTPRequest(.get, "http://127.0.0.1:1/", headers: [HTTPField("X-Key", value)])
        await expect(.invalidRequest, client, request)
    }

    @Test(arguments: ["", "X Key", "X:Key", "X\nKey", "Ключ"])
    func `a header name that is no token is refused`(name: String) async {
        let request = HTTPRequest(.get, "http://127.0.0.1:1/", headers: [HTTPField(name, "v")])
        await expect(.invalidRequest, client, request)
    }

    @Test func `nobody listening is a connect error`() async throws {
        let server = TestServer.answering { _ in "" }
        server.stop()
        let error = await expect(.connect, client, HTTPRequest(.get, server.url))
        #expect(error?.stage == .connect && error?.isUnsent == true)
    }

    @Test func `requests print no secret`() {
        let request = HTTPRequest(.get, "http://h/?key=secret", headers: [HTTPField("X-Key", "secret")])
        #expect(!"\(request)".contains("secret") && !"\(request.headers)".contains("secret"))
        #expect(!String(reflecting: request.headers).contains("secret"))
    }

    @Test func `after shut-down every call fails at once`() async throws {
        let silent = TestServer.silent()
        defer { silent.stop() }
        let client = HTTPClient(egress: TestPolicy())
        async let hanging = outcome(client, HTTPRequest(.get, silent.url))
        while silent.requests.isEmpty { await Task.yield() }
        client.shutDown()
        #expect(await hanging == .shutDown)
        await expect(.shutDown, client, HTTPRequest(.get, silent.url))
    }
}
