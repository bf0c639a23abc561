// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct AsanaURLTests {
    private let recogniser = URLRecogniser(
        [AsanaSamples.source("as")], registry: TrackerRegistry([AsanaTracker()]), patterns: Samples.patterns)

    @Test(arguments: [
        // The older generation.
        ("https://app.asana.com/0/1200000000000001/1201234567890123", "as 1201234567890123"),
        ("https://app.asana.com/0/1200000000000001/1201234567890123/f", "as 1201234567890123"),
        ("https://app.asana.com/0/0/1201234567890123/f", "as 1201234567890123"),
        ("https://app.asana.com/0/0/1201234567890123", "as 1201234567890123"),
        ("https://app.asana.com/0/search/1205/1201234567890123", "as 1201234567890123"),
        ("https://app.asana.com/0/inbox/1300/1201234567890123/1207", "as 1201234567890123"),
        ("https://app.asana.com/0/home/1300/1201234567890123", "as 1201234567890123"),
        // The newer one.
        (
            "https://app.asana.com/1/1100000000000001/project/1200000000000001/task/1201234567890123",
            "as 1201234567890123"
        ),
        (
            "https://app.asana.com/1/11/project/12/task/1201234567890123?focus=true",
            "as 1201234567890123"
        ),
        ("https://app.asana.com/1/1100000000000001/task/1201234567890123", "as 1201234567890123"),
        (
            "https://app.asana.com/1/11/task/1201234567890123/comment/1210804403284883?focus=true",
            "as 1201234567890123"
        ),
        // Spellings.
        ("app.asana.com/0/0/1201234567890123", "as 1201234567890123"),
        ("http://APP.ASANA.com:80/0/0/1201234567890123/", "as 1201234567890123"),
        ("<https://app.asana.com/0/0/1201234567890123/f>.", "as 1201234567890123"),
        ("https://app.asana.com/0//0//12", "as 12"),
        ("https://app.asana.com/0/0/%3112", "as 112"),
    ])
    func `an address of a task is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("https://app.asana.com/", "no issue of as"),
        ("https://app.asana.com/0/1200000000000001", "no issue of as"),
        ("https://app.asana.com/0/1200000000000001/list", "no issue of as"),
        ("https://app.asana.com/0/1200000000000001/board", "no issue of as"),
        ("https://app.asana.com/0/home/1300", "no issue of as"),
        ("https://app.asana.com/0/search/1205", "no issue of as"),
        ("https://app.asana.com/0/inbox/x/1201234567890123", "no issue of as"),
        ("https://app.asana.com/0/portfolio/1/2", "no issue of as"),
        ("https://app.asana.com/0/0/0", "no issue of as"),
        ("https://app.asana.com/0/0/012", "no issue of as"),
        ("https://app.asana.com/0/0/12x", "no issue of as"),
        ("https://app.asana.com/0/0/12/g", "no issue of as"),
        ("https://app.asana.com/0/0/12/f/13", "no issue of as"),
        ("https://app.asana.com/0/0/123456789012345678901", "no issue of as"),
        ("https://app.asana.com/1/1100000000000001/project/1200000000000001", "no issue of as"),
        ("https://app.asana.com/1/1100000000000001/project/1200000000000001/list", "no issue of as"),
        ("https://app.asana.com/1/1100000000000001/project/x/task/12", "no issue of as"),
        ("https://app.asana.com/1/x/task/12", "no issue of as"),
        ("https://app.asana.com/1/11/task/12/comment", "no issue of as"),
        ("https://app.asana.com/1/11/home", "no issue of as"),
        ("https://app.asana.com/2/11/task/12", "no issue of as"),
        ("https://app.asana.com.evil.example/0/0/12", "unknown"),
        ("https://asana.com/0/0/12", "unknown"), ("https://u:p@app.asana.com/0/0/12", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test func `a bare number is a key, and none in a text`() {
        #expect(
            recogniser.resolveKey(" 1201234567890123 ", in: Samples.id("as")).summary == "as 1201234567890123"
        )
        for typed in ["", "0", "012", "#12", "12a", "１２", "123456789012345678901"] {
            #expect(recogniser.resolveKey(typed, in: Samples.id("as")).summary == "KEY_INVALID of as")
        }
        #expect(recogniser.extractReferences("see 1201234567890123 and #12").isEmpty)
    }

    @Test func `the canonical address needs no project`() {
        let recognition = recogniser.recognise("https://app.asana.com/1/11/project/12/task/13/comment/14")
        guard case .matched(let issue) = recognition else { return #expect(Bool(false), "\(recognition)") }
        #expect(issue.canonicalURL == "https://app.asana.com/0/0/13" && issue.displayKey == "13")
    }

    @Test(arguments: [
        (["1200"], "1200", "1100", [String]()), (["Web shop"], "", "", ["allowed_external_projects[0]"]),
        ([], "web", "", ["default_external_project"]),
        ([], "", "acme.example", ["authentication.settings[workspace]"]),
    ])
    func `projects and workspaces are named by numbers`(
        allowed: [String], project: String, workspace: String, faults: [String]
    ) {
        var source = AsanaSamples.source(workspace: workspace)
        source.allowedExternalProjects = allowed
        source.defaultExternalProject = project
        #expect(AsanaTracker().violations(of: source).map(\.field) == faults)
    }
}
