// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct TracURLTests {
    private let recogniser = Samples.recogniser(
        of: TracTracker(),
        [
            Samples.source("t", .trac, "https://trac.example.com/demo"),
            Samples.source("root", .trac, "https://trac.example.net"),
            Samples.source("port", .trac, "http://127.0.0.1:8000/te"),
        ])

    @Test(arguments: [
        ("https://trac.example.com/demo/ticket/2#comment:1", "t 2"),
        ("https://trac.example.com/demo/ticket/2", "t 2"),
        ("https://trac.example.com/demo/ticket/2/", "t 2"),
        ("https://trac.example.com/demo/ticket/2?replyto=3#comment", "t 2"),
        ("https://trac.example.com/demo/ticket/2?version=4", "t 2"),
        ("https://trac.example.com/demo/ticket/2?format=tab", "t 2"),
        ("https://trac.example.com/demo/ticket/2?cnum_edit=1&cversion=0", "t 2"),
        ("trac.example.com/demo/ticket/2", "t 2"), ("http://trac.example.com/demo/ticket/2", "t 2"),
        ("HTTPS://TRAC.example.COM:443/demo/ticket/2.", "t 2"),
        ("<https://trac.example.com/demo/ticket/2>", "t 2"),
        ("https://trac.example.com/demo//ticket/%32", "t 2"),
        ("https://trac.example.com/x/../demo/ticket/2", "t 2"),
        ("https://trac.example.net/ticket/34567", "root 34567"),
        ("http://127.0.0.1:8000/te/ticket/9", "port 9"),
        ("https://trac.example.com/demo/ticket/999999999999999999", "t 999999999999999999"),
        // Pages that show no single ticket.
        ("https://trac.example.com/demo/ticket", "no issue of t"),
        ("https://trac.example.com/demo", "no issue of t"),
        ("https://trac.example.com/demo/newticket", "no issue of t"),
        ("https://trac.example.com/demo/query?id=1", "no issue of t"),
        ("https://trac.example.com/demo/report/1", "no issue of t"),
        ("https://trac.example.com/demo/ticket/0", "no issue of t"),
        ("https://trac.example.com/demo/ticket/02", "no issue of t"),
        ("https://trac.example.com/demo/ticket/%232", "no issue of t"),
        ("https://trac.example.com/demo/ticket/-2", "no issue of t"),
        ("https://trac.example.com/demo/ticket/2x", "no issue of t"),
        ("https://trac.example.com/demo/ticket/new", "no issue of t"),
        ("https://trac.example.com/demo/Ticket/2", "no issue of t"),
        ("https://trac.example.com/demo/ticket/2/edit", "no issue of t"),
        ("https://trac.example.com/demo/attachment/ticket/2/a.png", "no issue of t"),
        ("https://trac.example.com/demo/wiki/ticket/2", "no issue of t"),
        ("https://trac.example.com/demo/changeset/2", "no issue of t"),
        ("https://trac.example.com/demo/ticket/9999999999999999999", "no issue of t"),
        // Neighbours.
        ("https://trac.example.com/demo2/ticket/2", "unknown"),
        ("https://trac.example.com/ticket/2", "unknown"),
        ("https://trac.example.com:8443/demo/ticket/2", "unknown"),
        ("https://trac.example.com.evil.example/demo/ticket/2", "unknown"),
        ("https://user@trac.example.com/demo/ticket/2", "invalid"),
    ])
    func `an address is recognised, or told from a ticket's`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("12", "12"), ("#12", "12"), ("ticket:12", "12"), ("Ticket:12", "12"), (" #12 ", "12")])
    func `a key is a number or one of Trac's own links`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("t")).summary == "t " + key)
    }

    @Test(arguments: ["", "#", "ticket:", "ticket:#1", "ticket12", "0", "1.5", "comment:1", "１"])
    func `anything else is none`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("t")).summary == "KEY_INVALID of t")
    }

    @Test(arguments: [
        ("ticket:12", 0.8), ("#12", 0.5), ("12", 0), ("ticket:", 0), ("#x", 0), ("TICKET:12", 0),
    ])
    func `only Trac's own links stand out in a text`(word: String, confidence: Double) {
        #expect(TracTracker().confidence(inFreeText: word) == confidence)
    }

    @Test func `a list of allowed projects makes no sense`() {
        var source = Samples.source("t", .trac, "https://trac.example.com/demo")
        source.allowedExternalProjects = ["x"]
        let registry = TrackerRegistry([TracTracker()])
        #expect(
            SourceValidator(registry: registry, patterns: Samples.patterns).violations(of: source).map(
                \.field)
                == ["allowed_external_projects"])
    }
}
