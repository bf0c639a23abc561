// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPTLSTests {
    @Test func `a certificate of a trusted authority passes, and its hand-shake is timed`() async throws {
        try await TLSServer.run { server in
            let response = try await client.send(request(server, "tracker.test", trusting: server.caFile))
            #expect(response.status == 200 && response.timings.tls != nil && response.timings.connect != nil)
        }
    }

    @Test func `an unknown authority, another name and an old protocol are refused`() async throws {
        try await TLSServer.run { server in
            let unknown = await expect(.tls, client, request(server, "tracker.test", trusting: nil))
            #expect(
                unknown?.stage == .tls && unknown?.isUnsent == true, "\(String(describing: unknown?.timings))"
            )
            await expect(.tls, client, request(server, "other.test", trusting: server.caFile))
        }
        try await TLSServer.run(maximumVersion: "TLSv1_1") { server in
            await expect(.tls, client, request(server, "tracker.test", trusting: server.caFile))
        }
    }

    @Test func `trust in an authority does not spread to requests that do not name it`() async throws {
        try await TLSServer.run { server in
            #expect(await outcome(client, request(server, "tracker.test", trusting: server.caFile)) == nil)
            // The pooled connection was verified against another set of authorities.
            await expect(.tls, client, request(server, "tracker.test", trusting: nil))
        }
    }

    @Test func `a missing authority file is a TLS failure and not a silent default`() async throws {
        try await TLSServer.run { server in
            let request = request(server, "tracker.test", trusting: "/nonexistent/ca.pem")
            await expect(.tls, client, request)
        }
    }

    @Test func `plain HTTP on a TLS port and TLS on a plain port are typed errors`() async throws {
        let plain = TestServer { $0.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { plain.stop() }
        await expect(.tls, client, HTTPRequest(.get, "https://tracker.test:\(plain.port)/"))
        try await TLSServer.run { server in
            await expect(.connectionLost, client, HTTPRequest(.get, "http://tracker.test:\(server.port)/"))
        }
    }

    private let client = HTTPClient(
        egress: TestPolicy(),
        resolver: StubResolver(["tracker.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]]))

    private func request(_ server: TLSServer, _ host: String, trusting caFile: String?) -> HTTPRequest {
        HTTPRequest(.get, "https://\(host):\(server.port)/", caFile: caFile)
    }
}

/// A TLS server of Python's, with a certificate for `tracker.test` that signs itself.
struct TLSServer: Sendable {
    let port: UInt16
    let caFile: String

    private static let script = """
        import http.server, os, ssl, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', '0')
                self.end_headers()
            def log_message(self, *arguments):
                pass
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        if sys.argv[3]:
            context.set_ciphers('ALL:@SECLEVEL=0')
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion[sys.argv[3]]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        def end_with_the_test():
            sys.stdin.read()
            os._exit(0)
        threading.Thread(target=end_with_the_test).start()
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    /// Serves for as long as the body runs.
    static func run(maximumVersion: String = "", _ body: (TLSServer) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "extref-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        try await Fixtures.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2",
            "-subj", "/CN=tracker.test", "-addext", "subjectAltName=DNS:tracker.test", "-keyout", key, "-out",
            certificate)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, certificate, key, maximumVersion]
        let output = Pipe()
        // Closed when the body ends, and by the system when the whole test process does.
        let life = Pipe()
        process.standardInput = life
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { try? life.fileHandleForWriting.close() }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await body(TLSServer(port: port, caFile: certificate))
    }
}
