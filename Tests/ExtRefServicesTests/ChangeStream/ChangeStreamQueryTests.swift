// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import Testing

@testable import ExtRefServices

@Suite struct ChangeStreamQueryTests {
    typealias Parameters = [(name: String, value: String?)]

    @Test(
        arguments: [
            ([], ListChangesRequest()), ([("after", "0")], ListChangesRequest(after: "0")),
            ([("after", "")], ListChangesRequest()),
            ([("project_id", "P 1"), ("after", "7")], ListChangesRequest(after: "7", projectID: "P 1")),
            (
                [("object.id", "TC=1"), ("source_id", "src_1"), ("object.kind", "case")],
                ListChangesRequest(object: ObjectRef(kind: "case", id: "TC=1"), sourceID: "src_1")
            ),
            ([("object.id", "a")], ListChangesRequest(object: ObjectRef(kind: "", id: "a"))),
        ] as [(Parameters, ListChangesRequest)])
    func `an address says which changes, in the words of the call`(
        _ parameters: Parameters, _ request: ListChangesRequest
    ) throws {
        #expect(try ChangeStreamQuery.read(parameters, lastEventID: nil) == request)
    }

    @Test(
        arguments: [
            ([("after", "1"), ("after", "1")], ["after"]),
            ([("wait", "1s"), ("page_size", "5")], ["wait", "page_size"]),
            ([("object", "case")], ["object"]), ([("project_id", nil), ("x", "1")], ["project_id", "x"]),
            ([("", "1")], [""]), ([("After", "1")], ["After"]),
            ([("access_token", "a.b.c")], ["access_token"]),
        ] as [(Parameters, [String])])
    func `everything else is named`(_ parameters: Parameters, _ fields: [String]) throws {
        let error = try #require(throws: DomainError.self) {
            try ChangeStreamQuery.read(parameters, lastEventID: nil)
        }
        #expect(error.reason == .fieldInvalid && error.violations.map(\.field) == fields)
        #expect(!error.violations.contains { $0.description.contains("a.b.c") })
    }

    @Test(arguments: [(nil, "3"), ("", "3"), ("9", "9"), ("no number", "no number")])
    func `who comes again goes on where it says`(_ lastEventID: String?, _ after: String) throws {
        #expect(
            try ChangeStreamQuery.read([("after", "3")], lastEventID: lastEventID).after == after)
    }
}
