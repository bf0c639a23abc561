// SPDX-License-Identifier: Apache-2.0

import RPC
import Testing

@Suite struct RPCMetadataTests {
    @Test func namesAreComparedWithoutCase() {
        var metadata: RPCMetadata = ["Authorization": "Bearer X", "traceparent": "00-1"]
        metadata.append("AUTHORIZATION", "second")
        #expect(metadata["authorization"] == "Bearer X")
        #expect(metadata.values("authorization") == ["Bearer X", "second"])
        #expect(metadata["missing"] == nil)
        #expect(metadata.entries.map(\.key) == ["authorization", "traceparent", "authorization"])
    }

    @Test func setReplacesAllValues() {
        var metadata: RPCMetadata = ["a": "1", "b": "2", "A": "3"]
        metadata.set("A", "4")
        #expect(metadata.values("a") == ["4"])
        #expect(metadata.entries.count == 2)
    }

    @Test func countsTheBytesOfNamesAndValues() {
        #expect(RPCMetadata().byteCount == 0)
        #expect((["ab": "cdé"] as RPCMetadata).byteCount == 6)
    }
}
