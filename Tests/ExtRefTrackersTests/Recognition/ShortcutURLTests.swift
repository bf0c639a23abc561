// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct ShortcutURLTests {
    private let recogniser = URLRecogniser(
        [
            ShortcutSamples.source("sc"), ShortcutSamples.source("two", "https://app.shortcut.com/other-co"),
        ], registry: TrackerRegistry([ShortcutTracker()]), patterns: Samples.patterns)

    @Test(arguments: [
        ("https://app.shortcut.com/acme/story/123/checkout-fails", "sc 123"),
        ("https://app.shortcut.com/acme/story/123", "sc 123"),
        ("https://app.shortcut.com/acme/story/123/", "sc 123"),
        ("https://app.shortcut.com/acme/story/123/checkout-fails#activity-456", "sc 123"),
        ("https://app.shortcut.com/acme/story/123?vc_group_by=day&ct_workflow=all", "sc 123"),
        ("https://app.shortcut.com/acme/story/123/456", "sc 123"),
        ("https://app.shortcut.com/acme/story/999999999999999999", "sc 999999999999999999"),
        ("https://app.shortcut.com/other-co/story/7/pager", "two 7"),
        ("http://app.shortcut.com/acme/story/123", "sc 123"),
        ("HTTPS://APP.Shortcut.com/acme/story/123", "sc 123"),
        ("app.shortcut.com/acme/story/123/words", "sc 123"),
        ("https://app.shortcut.com:443/acme/story/123", "sc 123"),
        ("https://app.shortcut.com/acme//story//123", "sc 123"),
        ("https://app.shortcut.com/acme/%73tory/%3123", "sc 123"),
        ("(https://app.shortcut.com/acme/story/123/checkout-fails).", "sc 123"),
        (" <https://app.shortcut.com/acme/story/123>\n", "sc 123"),
    ])
    func `an address of a story is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("https://app.shortcut.com/acme", "no issue of sc"),
        ("https://app.shortcut.com/acme/story", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/new", "no issue of sc"),
        ("https://app.shortcut.com/acme/stories/new", "no issue of sc"),
        ("https://app.shortcut.com/acme/stories/space/12", "no issue of sc"),
        ("https://app.shortcut.com/acme/epic/123", "no issue of sc"),
        ("https://app.shortcut.com/acme/iteration/123", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/0", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/0123", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/sc-123", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/123x", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/１２３", "no issue of sc"),
        ("https://app.shortcut.com/acme/story/123/a/b", "no issue of sc"),
        ("https://app.shortcut.com/acme/Story/123", "no issue of sc"),
        ("https://app.shortcut.com/acme-two/story/123", "unknown"),
        ("https://app.shortcut.com/story/123", "unknown"),
        ("https://app.clubhouse.io/acme/story/123", "unknown"),
        ("https://app.shortcut.com.evil.example/acme/story/123", "unknown"),
        ("https://u:p@app.shortcut.com/acme/story/123", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("123", "123"), ("sc-123", "123"), ("SC-123", "123"), (" sc-7 ", "7")])
    func `a bare key is stored as a number and shown as people write it`(typed: String, key: String) {
        let recognition = recogniser.resolveKey(typed, in: Samples.id("sc"))
        guard case .matched(let issue) = recognition else { return #expect(Bool(false), "\(recognition)") }
        #expect(issue.key == key && issue.displayKey == "sc-" + key)
        #expect(issue.canonicalURL == "https://app.shortcut.com/acme/story/" + key)
    }

    @Test(arguments: ["", "sc-", "sc-0", "sc123", "#12", "sc-sc-1", "sc-1.5", "-1", "1234567890123456789"])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("sc")).summary == "KEY_INVALID of sc")
    }

    @Test func `a key in a text counts as people write it`() {
        let recogniser = URLRecogniser(
            [ShortcutSamples.source("sc")], registry: TrackerRegistry([ShortcutTracker()]),
            patterns: Samples.patterns)
        let found = recogniser.extractReferences("See [sc-123] and (sc-7), not SC-8, 9 or sc-.")
        #expect(found.map(\.issue.key) == ["123", "7"] && found.allSatisfy { $0.issue.confidence == 0.9 })
    }

    @Test(arguments: [
        ("https://app.shortcut.com/acme", ["engineering", "qa-team"], "engineering", [String]()),
        ("https://app.shortcut.com", [], "", ["base_url"]),
        (
            "https://app.shortcut.com/acme", ["@engineering", "Quality Team"], "",
            ["allowed_external_projects[0]", "allowed_external_projects[1]"]
        ),
        ("https://app.shortcut.com/acme", [], "@qa", ["default_external_project"]),
    ])
    func `a source needs a workspace and knows teams by their mention names`(
        baseURL: String, allowed: [String], project: String, faults: [String]
    ) {
        var source = ShortcutSamples.source("sc", baseURL)
        source.allowedExternalProjects = allowed
        source.defaultExternalProject = project
        #expect(ShortcutTracker().violations(of: source).map(\.field) == faults)
    }
}
