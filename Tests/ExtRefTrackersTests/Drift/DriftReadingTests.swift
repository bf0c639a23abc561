// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ExtRefTrackers

/// What reading an answer notes, and that noting changes nothing of what is read.
@Suite struct DriftReadingTests {
    private enum Sizes: ClosedVocabulary {
        static let words: Set<String> = ["small", "large"]
    }

    private struct Part: Decodable {
        let name: String
        let weight: Int
    }

    private struct Thing: Decodable {
        let id: Int
        let size: Word<Sizes>
        let title: Promised<String>
        let part: Lenient<Part>
        let parts: Lenient<[Lenient<Part>]>
        let note: Lenient<String>
        let color: Lenient<Word<Sizes>>
    }

    private struct Answer: Decodable {
        let things: [Lenient<Thing>]
    }

    private static let good = """
        {"id":1,"size":"Small","title":"T","part":{"name":"p","weight":2},"parts":[],"note":"n"}
        """

    /// - Returns: how many things were read, and what was noted.
    private func read(_ thing: String) throws -> (count: Int, noted: [String]) {
        let notes = DriftNotes()
        var response = TrackerResponse(status: 200, body: Array("{\"things\":[\(thing)]}".utf8))
        response.notes = notes
        let answer = try TrackerJSON.decode(Answer.self, from: response)
        return (answer.things.compactMap(\.value).count, notes.signs.map { "\($0.kind) \($0.subject)" })
    }

    private func with(_ part: String, instead: String) throws -> (count: Int, noted: [String]) {
        try #require(Self.good.contains(part))
        return try read(Self.good.replacing(part, with: instead))
    }

    @Test(
        arguments: [
            ("\"title\":\"T\",", "", ["missingField title"], 1),
            ("\"title\":\"T\"", "\"title\":null", ["missingField title"], 1),
            ("\"title\":\"T\"", "\"title\":{\"text\":\"T\"}", ["missingField title"], 1),
            ("\"Small\"", "\"Medium\"", ["unknownValue size: Medium"], 1),
            ("\"Small\"", "\"\"", ["unknownValue size:"], 1),
            ("\"note\":\"n\"", "\"color\":\"red\"", ["unknownValue color: red"], 1),
            (",\"weight\":2", "", ["missingField part.weight"], 1),
            ("\"weight\":2", "\"weight\":\"heavy\"", ["missingField part.weight"], 1),
            ("\"parts\":[]", "\"parts\":[{\"name\":\"q\"}]", ["missingField weight"], 1),
            // What an issue cannot do without leaves it out.
            ("\"id\":1,", "", ["missingField id"], 0), ("\"id\":1", "\"id\":null", ["missingField id"], 0),
            ("\"Small\"", "7", ["missingField size"], 0),
            // What it can do without, and what vendors write in several ways.
            (",\"note\":\"n\"", "", [], 1), ("\"note\":\"n\"", "\"note\":7", [], 1),
            ("\"note\":\"n\"", "\"note\":null", [], 1), ("\"note\":\"n\"", "\"more\":\"n\"", [], 1),
            ("\"part\":{\"name\":\"p\",\"weight\":2},", "", [], 1),
            ("\"part\":{\"name\":\"p\",\"weight\":2}", "\"part\":\"p\"", [], 1),
        ] as [(String, String, [String], Int)])
    func `what does not fit the contract is noted, and reading goes on`(
        part: String, instead: String, noted: [String], count: Int
    ) throws {
        let outcome = try with(part, instead: instead)
        #expect(outcome.noted == noted && outcome.count == count)
    }

    @Test func `an answer as published notes nothing`() throws {
        #expect(try read(Self.good).noted == [])
    }

    @Test(arguments: [("{}", ["missingField things"]), ("{\"things\":{}}", ["missingField things"])])
    func `an answer that cannot be read at all names the field`(body: String, noted: [String]) {
        #expect(failingNotes(body) == noted)
    }

    @Test(arguments: ["", "[]", "null", "7", "<html>", "{\"things\":"])
    func `garbage is no change of an interface`(body: String) { #expect(failingNotes(body) == []) }

    private func failingNotes(_ body: String) -> [String] {
        let notes = DriftNotes()
        var response = TrackerResponse(status: 200, body: Array(body.utf8))
        response.notes = notes
        #expect(throws: TrackerError.self) { try TrackerJSON.decode(Answer.self, from: response) }
        return notes.signs.map { "\($0.kind) \($0.subject)" }
    }

    @Test func `an answer full of surprises leaves a few signs`() throws {
        let things = (0..<500).map { Self.good.replacing("Small", with: "size-\($0)") }
        let noted = try read(things.joined(separator: ",")).noted
        #expect(noted.count == TrackerLimits.driftSignsPerAnswerMax)
    }

    @Test func `the same surprise in many places is one sign`() throws {
        let thing = Self.good.replacing("\"title\":\"T\",", with: "")
        let outcome = try read(Array(repeating: thing, count: 100).joined(separator: ","))
        #expect(outcome.noted == ["missingField title"] && outcome.count == 100)
    }

    /// Our own names for the parts of a question do not make one field many.
    @Test func `names that a question made up are left out`() throws {
        struct Named: Decodable {
            let data: [String: [String: Lenient<Part>]]
        }
        let notes = DriftNotes()
        let part = "{\"name\":\"p\"}"
        var response = TrackerResponse(
            status: 200,
            body: Array("{\"data\":{\"r0\":{\"i1\":\(part),\"i2\":\(part)},\"r1\":{\"i1\":\(part)}}}".utf8))
        response.notes = notes
        _ = try TrackerJSON.decode(Named.self, from: response)
        #expect(notes.signs == [DriftSign(.missingField, "weight")])
    }
}
