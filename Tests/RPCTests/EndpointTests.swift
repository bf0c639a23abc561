// SPDX-License-Identifier: Apache-2.0

import RPC
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:7400", Endpoint.tcp(host: "127.0.0.1", port: 7400)),
        ("localhost:0", .tcp(host: "localhost", port: 0)), ("[::1]:65535", .tcp(host: "::1", port: 65535)),
        ("unix:/run/extref.sock", .unix(path: "/run/extref.sock")),
    ]) func readsWhatItWrites(_ text: String, _ endpoint: Endpoint) {
        #expect(Endpoint(text) == endpoint)
        #expect(endpoint.description == text)
    }

    @Test(arguments: ["", "localhost", ":7400", "h:65536", "h:-1", "h:x", "::1:7400", "unix:", "[]:1"])
    func refusesTheRest(_ text: String) {
        #expect(Endpoint(text) == nil)
    }
}
