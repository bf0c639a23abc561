// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct IdentifierTests {
    @Test func idsGrowWithinOneMillisecondAndNeverRepeat() {
        var sequence = ULID.Sequence()
        var generator = SystemRandomNumberGenerator()
        let time = Timestamp(seconds: 1_795_000_000)
        let ids = (0..<10_000).map { _ in LinkID(at: time, in: &sequence, using: &generator) }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        #expect(ids.allSatisfy { LinkID($0.rawValue) == $0 })
    }

    @Test func aClockThatRunsBackwardsDoesNotTurnTheOrder() {
        var sequence = ULID.Sequence()
        var generator = SystemRandomNumberGenerator()
        let first = LinkID(at: Timestamp(seconds: 100), in: &sequence, using: &generator)
        let second = LinkID(at: Timestamp(seconds: 99), in: &sequence, using: &generator)
        #expect(first < second)
    }

    @Test(arguments: [
        "", "lnk_", "lnk_01ARZ3NDEKTSV4RRFFQ69G5FA", "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAVX",
        "rel_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAu", "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAI", "LNK_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        " lnk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "lnk_01ARZ3NDEKTSV4RRFFQ69G5F\u{0}V",
    ])
    func otherTextIsNoLinkID(_ text: String) {
        #expect(LinkID(text) == nil)
    }

    @Test(arguments: ["", " p", "p ", "p\u{0}", "pé", String(repeating: "p", count: 129)])
    func hostIDsAreVisibleASCII(_ text: String) {
        #expect(ProjectID(text) == nil)
    }

    @Test func hostIDsAreComparedByteByByte() {
        #expect(ProjectID("P1") != ProjectID("p1"))
        #expect(ProjectID(String(repeating: "p", count: 128)) != nil)
    }
}
