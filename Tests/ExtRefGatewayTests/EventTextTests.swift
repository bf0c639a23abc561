// SPDX-License-Identifier: Apache-2.0

import HTTPTestKit
import Testing

@testable import ExtRefGateway

@Suite struct EventTextTests {
    @Test func `an event is its cursor, its kind, its data and an empty line`() {
        let event = ChangeFeedEvent(id: "7", kind: "CHANGE_KIND_LINK_CREATED", data: #"{"cursor": "7"}"#)
        #expect(
            EventText.event(event) == """
                id: 7
                event: CHANGE_KIND_LINK_CREATED
                data: {"cursor": "7"}


                """)
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\rb", "\n", "data: x\n\nevent: forged\n", "a\u{2028}b\u{85}c"])
    func `no data ends its event early, or is another event`(_ data: String) {
        var text = EventText.event(ChangeFeedEvent(id: "1", kind: "k", data: data)) + "id: 2\n\n"
        let blocks = EventBlock.take(from: &text)
        let lines = data.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        #expect(blocks.map(\.id) == ["1", "2"] && text.isEmpty)
        #expect(blocks[0].event == "k" && blocks[0].data == lines && blocks[0].strangeLines.isEmpty)
    }

    @Test func `a sign of life is a comment, with a cursor where it moved`() {
        var text = EventText.heartbeat(id: nil) + EventText.heartbeat(id: "9") + EventText.comment("bye")
        let blocks = EventBlock.take(from: &text)
        #expect(blocks.map(\.comments) == [[""], [""], ["bye"]])
        #expect(blocks.map(\.id) == [nil, "9", nil])
        #expect(blocks.allSatisfy { $0.data == nil && $0.event == nil })
    }

    @Test func `the time to come again is a number of milliseconds`() {
        #expect(EventText.retry(3_000) == "retry: 3000\n\n")
    }
}
