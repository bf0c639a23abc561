// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages
import Testing

@testable import extref

@Suite struct ArgumentTests {
    @Test func `a source's fields become an update mask of exactly what was given`() throws {
        let fields = try SourceFields.parse([
            "--name", "Our tracker", "--url", "https://r.example", "--status", "Feedback=in-progress",
            "--available-to", "P1", "--available-to", "P2",
        ])
        var source = Source(keyPattern: "kept")
        let mask = fields.apply(to: &source, secrets: [:])
        #expect(mask == ["display_name", "base_url", "status_map", "availability"])
        #expect(source.displayName == "Our tracker")
        #expect(source.statusMap == [StatusMapping(status: "Feedback", category: .inProgress)])
        #expect(source.availability == Availability(projectIds: ["P1", "P2"]))
        #expect(source.keyPattern == "kept")
    }

    @Test func `a new secret leaves method and settings as they are`() throws {
        var source = Source(authentication: Authentication(method: "basic", settings: ["login": "bot"]))
        let mask = try SourceFields.parse([]).apply(to: &source, secrets: ["password": "new"])
        #expect(mask == ["authentication"])
        #expect(
            source.authentication
                == Authentication(method: "basic", settings: ["login": "bot"], secrets: ["password": "new"]))
    }

    @Test func `no option means no change`() throws {
        var source = Source(id: "src_1", displayName: "x")
        #expect(try SourceFields.parse([]).apply(to: &source, secrets: [:]) == [])
        var relation = Relation(id: "rel_1", name: "x")
        #expect(try RelationFields.parse([]).apply(to: &relation) == [])
    }

    @Test func `an asterisk opens a source to all projects`() {
        #expect(Availability(arguments: ["*"]) == Availability(allProjects: true))
        #expect(Availability(arguments: []) == nil)
    }

    @Test(arguments: ["case", "case:", ":TC-1", ""])
    func `an object needs a kind and an id`(text: String) {
        #expect(ObjectArgument(argument: text) == nil)
    }

    @Test func `an object's id may hold colons`() {
        #expect(ObjectArgument(argument: "case:a:b")?.reference == ObjectRef(kind: "case", id: "a:b"))
    }

    @Test(arguments: [
        ("in_progress", StatusCategory.inProgress), ("IN-PROGRESS", .inProgress), ("done", .done),
    ])
    func `enumerations are typed by their own words`(text: String, value: StatusCategory) {
        #expect(EnumArgument<StatusCategory>(argument: text)?.value == value)
    }

    @Test(arguments: ["unspecified", "", "closed", "STATUS_CATEGORY_DONE"])
    func `other words are none`(text: String) {
        #expect(EnumArgument<StatusCategory>(argument: text) == nil)
    }

    @Test(arguments: [
        ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("0", 0),
    ])
    func `lengths of time`(text: String, seconds: Int64) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "-1", "1w", "1.5h", "99999999999999999999", "999999999999d"])
    func `what is no length of time`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: [
        ("2026-11-19", 1_795_046_400), ("1970-01-01T00:00:01Z", 1), ("2024-02-29T23:59:59Z", 1_709_251_199),
        ("1969-12-31T23:59:59Z", -1),
    ])
    func `days and times`(text: String, seconds: Int64) {
        #expect(RFC3339.parse(text) == GoogleTimestamp(seconds: seconds))
    }

    @Test(arguments: ["2026-02-30", "2026-13-01", "19.11.2026", "2026-11-19T08:30", ""])
    func `what is no time`(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test(arguments: [
        [], ["--url", "https://a", "--key", "1"], ["--issue", "iss_1", "--source", "src_1"],
    ])
    func `a link has one target`(arguments: [String]) {
        #expect(throws: (any Error).self) { try TargetOptions.parse(arguments) }
    }

    @Test func `a draft is tested or a stored source, not both`() {
        #expect(throws: (any Error).self) { try SourcesTest.parse(["src_1", "--provider", "redmine"]) }
        #expect(throws: (any Error).self) { try SourcesTest.parse([]) }
        #expect(throws: Never.self) {
            try SourcesTest.parse(["--provider", "redmine", "--url", "https://a"])
        }
    }

    @Test(arguments: [0, 501])
    func `a page is 1 to 500 entries`(limit: Int) {
        #expect(throws: (any Error).self) { try PageOptions.parse(["--limit", "\(limit)"]) }
    }
}
