// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct RedmineURLTests {
    private let recogniser = Samples.recogniser(
        Samples.redmine("r", "https://redmine.example.com"),
        Samples.redmine("sub", "https://corp.example/redmine"),
        Samples.redmine("port", "http://127.0.0.1:3000"),
        Samples.redmine("idn", "https://xn--bcher-kva.example"),
        Samples.redmine("v6", "https://[2001:db8::1]:8443/r"))

    @Test(arguments: [
        // The plain forms.
        ("https://redmine.example.com/issues/1", "r 1"),
        ("https://redmine.example.com/issues/1#note-3", "r 1"),
        ("https://redmine.example.com/issues/1.json", "r 1"),
        ("https://redmine.example.com/issues/1.json?include=journals", "r 1"),
        ("https://redmine.example.com/issues/1.pdf", "r 1"),
        ("https://redmine.example.com/issues/1/edit", "r 1"),
        ("https://redmine.example.com/issues/show/77", "r 77"),
        ("https://redmine.example.com/projects/demo/issues/12", "r 12"),
        ("https://redmine.example.com/issues/1?tab=history", "r 1"),
        ("https://redmine.example.com/issues/1/", "r 1"),
        ("https://redmine.example.com/issues/999999999999999999", "r 999999999999999999"),
        // What surrounds a pasted address.
        ("  https://redmine.example.com/issues/1\n", "r 1"),
        ("<https://redmine.example.com/issues/1>", "r 1"),
        ("https://redmine.example.com/issues/1.", "r 1"), ("https://redmine.example.com/issues/1,", "r 1"),
        ("(https://redmine.example.com/issues/1)", "r 1"), ("[https://redmine.example.com/issues/1];", "r 1"),
        ("\"https://redmine.example.com/issues/1\"!", "r 1"),
        ("{https://redmine.example.com/issues/1}:", "r 1"),
        // Spellings of one address.
        ("redmine.example.com/issues/1", "r 1"), ("http://redmine.example.com/issues/1", "r 1"),
        ("HTTPS://REDMINE.Example.COM/issues/1", "r 1"), ("https://redmine.example.com:443/issues/1", "r 1"),
        ("https://redmine.example.com./issues/1", "r 1"), ("https://redmine.example.com//issues//1", "r 1"),
        ("https://redmine.example.com/%69ssues/%31", "r 1"),
        ("https://redmine.example.com/x/../issues/1", "r 1"),
        ("https://redmine.example.com/./issues/1", "r 1"),
        ("https://redmine.example.com/x/%2e%2E/issues/1", "r 1"),
        ("https://corp.example/redmine/issues/5", "sub 5"), ("corp.example/redmine/issues/5", "sub 5"),
        ("http://127.0.0.1:3000/issues/8", "port 8"), ("127.0.0.1:3000/issues/8", "port 8"),
        ("https://bücher.example/issues/4", "idn 4"), ("https://BÜCHER.example/issues/4", "idn 4"),
        ("https://xn--bcher-kva.example/issues/4", "idn 4"), ("https://bücher。example/issues/4", "idn 4"),
        ("https://[2001:DB8:0:0::1]:8443/r/issues/6", "v6 6"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        // Pages of a known source.
        ("https://redmine.example.com/issues", "no issue of r"),
        ("https://redmine.example.com/issues/new", "no issue of r"),
        ("https://redmine.example.com/issues?query_id=3", "no issue of r"),
        ("https://redmine.example.com/", "no issue of r"),
        ("https://redmine.example.com/projects/demo/issues", "no issue of r"),
        ("https://redmine.example.com/issues/01", "no issue of r"),
        ("https://redmine.example.com/issues/1x", "no issue of r"),
        ("https://redmine.example.com/issues/0", "no issue of r"),
        ("https://redmine.example.com/issues/-1", "no issue of r"),
        ("https://redmine.example.com/issues/1%2F2", "no issue of r"),
        ("https://redmine.example.com/issues/9999999999999999999", "no issue of r"),
        ("https://redmine.example.com/issues/1/delete", "no issue of r"),
        ("https://redmine.example.com/issues/%231", "no issue of r"),
        ("https://redmine.example.com/Issues/1", "no issue of r"),
        ("https://redmine.example.com/issues/１", "no issue of r"),
        ("https://redmine.example.com/wiki/issues/1", "no issue of r"),
        ("https://redmine.example.com", "no issue of r"),
        // Neighbours that must not be claimed.
        ("https://corp.example/redmine-two/issues/5", "unknown"),
        ("https://corp.example/issues/5", "unknown"),
        ("https://corp.example/redmine/../other/issues/5", "unknown"),
        ("https://corp.example/Redmine/issues/5", "unknown"),
        ("https://redmine.example.com.evil.example/issues/1", "unknown"),
        ("https://redmine.example.com:8443/issues/1", "unknown"),
        ("https://evil.example/redmine.example.com/issues/1", "unknown"),
        ("https://evil.example/?u=https://redmine.example.com/issues/1", "unknown"),
        ("https://evilredmine.example.com/issues/1", "unknown"), ("http://127.0.0.1/issues/8", "unknown"),
        ("https://buecher.example/issues/4", "unknown"), ("github.com/o/r/issues/1", "unknown"),
        ("example.org", "unknown"),
        // What is refused outright.
        ("javascript:alert(1)", "invalid"),
        ("javascript://redmine.example.com/issues/1%0aalert(1)", "invalid"),
        ("file:///etc/passwd", "invalid"), ("data:text/html,x", "invalid"),
        ("mailto:bob@example.net", "invalid"),
        ("ftp://redmine.example.com/issues/1", "invalid"),
        ("https://user:pass@redmine.example.com/issues/1", "invalid"),
        ("https://redmine.example.com@evil.example/issues/1", "invalid"),
        ("https://redmine.example.com\\issues\\1", "invalid"),
        ("https://redmine.example.com/issues/1 2", "invalid"),
        ("https://redmine.example.com/issues/1%00", "invalid"),
        ("https://redmine.example.com/issues/1%0d%0aX", "invalid"),
        ("https://redmine.example.com:0/issues/1", "invalid"),
        ("https://redmine.example.com:65536/issues/1", "invalid"),
        ("https://redmine.example.com:8a/issues/1", "invalid"),
        ("https:///issues/1", "invalid"), ("https://", "invalid"), ("https://exa mple.com/", "invalid"),
        ("", "invalid"),
        (" <> ", "invalid"), ("no such thing", "invalid"), ("https://redmine.example.com/%ff", "invalid"),
        ("https://a..b/issues/1", "invalid"), ("https://[::1/issues/1", "invalid"), ("://x", "invalid"),
        ("https://redmine.example.com/" + String(repeating: "a", count: 2_048), "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("12", "12"), ("#12", "12"), (" #12 ", "12"), ("1", "1")])
    func `a bare key belongs to the source that is asked`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("r")).summary == "r " + key)
        #expect(recogniser.recognise(typed, only: Samples.id("r")).summary == "r " + key)
        #expect(Samples.recogniser(Samples.redmine("r")).recognise(typed).summary == "r " + key)
    }

    @Test(arguments: [
        "", "#", "##1", "0", "012", "1.5", "-3", "１２", "1 2", "abc", "#1a", "9999999999999999999",
    ])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("r")).summary == "KEY_INVALID of r")
    }

    @Test func `the canonical address is built from the base URL`() {
        let issue = recogniser.recognise("http://CORP.example:80/redmine/projects/x/issues/5.json?a=b#c")
        guard case .matched(let issue) = issue else { return #expect(Bool(false), "\(issue)") }
        #expect(issue.canonicalURL == "https://corp.example/redmine/issues/5")
        #expect(issue.displayKey == "#5" && issue.providerID == .redmine && issue.confidence == 1)
    }
}
