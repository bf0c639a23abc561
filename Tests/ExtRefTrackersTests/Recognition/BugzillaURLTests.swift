// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct BugzillaURLTests {
    private let recogniser = Samples.recogniser(
        of: BugzillaTracker(),
        [
            Samples.source("b", .bugzilla, "https://bugs.example.org"),
            Samples.source("sub", .bugzilla, "https://corp.example/bugzilla"),
        ])

    @Test(arguments: [
        ("https://bugs.example.org/show_bug.cgi?id=35", "b 35"),
        ("https://bugs.example.org/show_bug.cgi?id=35#c7", "b 35"),
        ("https://bugs.example.org/show_bug.cgi?ctype=xml&id=35", "b 35"),
        ("https://bugs.example.org/show_bug.cgi?ID=35&list_id=9", "b 35"),
        ("https://bugs.example.org/show_activity.cgi?id=35", "b 35"), ("https://bugs.example.org/35", "b 35"),
        ("https://bugs.example.org/35/", "b 35"), ("https://bugs.example.org/rest/bug/35", "b 35"),
        ("https://bugs.example.org/rest/bug/35?include_fields=id", "b 35"),
        ("bugs.example.org/show_bug.cgi?id=35", "b 35"), ("http://bugs.example.org/35", "b 35"),
        ("HTTPS://BUGS.example.ORG:443/show_bug.cgi?id=35.", "b 35"),
        ("<https://bugs.example.org/35>", "b 35"),
        ("https://bugs.example.org/show%5Fbug.cgi?id=%335", "b 35"),
        ("https://corp.example/bugzilla/show_bug.cgi?id=1234567", "sub 1234567"),
        ("https://corp.example/bugzilla/12", "sub 12"),
        ("https://bugs.example.org/show_bug.cgi?id=cve-2026-12345", "b CVE-2026-12345"),
        ("https://bugs.example.org/CVE-2026-1234", "b CVE-2026-1234"),
        ("https://bugs.example.org/rest/bug/CVE-2026-1234", "b CVE-2026-1234"),
        // Pages that show no single bug.
        ("https://bugs.example.org/", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=0", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=035", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=1,2", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=%2335", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=alias", "no issue of b"),
        ("https://bugs.example.org/show_bug.cgi?id=CVE-26-1", "no issue of b"),
        ("https://bugs.example.org/buglist.cgi?bug_id=35", "no issue of b"),
        ("https://bugs.example.org/buglist.cgi?id=35", "no issue of b"),
        ("https://bugs.example.org/enter_bug.cgi?product=X", "no issue of b"),
        ("https://bugs.example.org/attachment.cgi?id=35", "no issue of b"),
        ("https://bugs.example.org/35/36", "no issue of b"),
        ("https://bugs.example.org/rest/bug/35/comment", "no issue of b"),
        ("https://bugs.example.org/rest/user/35", "no issue of b"),
        ("https://bugs.example.org/SHOW_BUG.CGI?id=35", "no issue of b"),
        ("https://bugs.example.org/9999999999999999999", "no issue of b"),
        // Neighbours.
        ("https://corp.example/show_bug.cgi?id=35", "unknown"),
        ("https://corp.example/bugzilla2/35", "unknown"),
        ("https://bugs.example.org:8443/35", "unknown"),
        ("https://bugs.example.org.evil.example/35", "unknown"),
        ("https://user@bugs.example.org/35", "invalid"),
    ])
    func `an address is recognised, or told from a bug's`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("12", "12"), ("#12", "12"), ("bug 12", "12"), ("Bug  12 ", "12"), ("cve-2026-1234", "CVE-2026-1234"),
    ])
    func `a key is a number or a CVE's name`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("b")).summary == "b " + key)
    }

    @Test(arguments: [
        "", "bug", "bug #1", "0", "PROJ-12", "cve-2026-123", "CVE-2026-1234567890123", "alias",
        "CVE-２０２６-1234",
    ])
    func `anything else is none`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("b")).summary == "KEY_INVALID of b")
    }

    @Test(arguments: [("CVE-2026-1234", 0.6), ("#12", 0.5), ("12", 0), ("PROJ-12", 0), ("cve-2026-1234", 0)])
    func `only what stands out counts in a text`(word: String, confidence: Double) {
        #expect(BugzillaTracker().confidence(inFreeText: word) == confidence)
    }

    @Test func `the displayed key is as people write it`() {
        #expect(BugzillaTracker().displayKey("12") == "Bug 12")
        #expect(BugzillaTracker().displayKey("CVE-2026-1234") == "CVE-2026-1234")
    }
}
