// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ProtobufC
import Testing

@testable import RPCMessages

@Suite struct ProtoJSONTests {
    /// protobuf's own rule: a letter after an underscore is raised, underscores go.
    private static func jsonName(_ field: String) -> String {
        var (name, raises) = ("", false)
        for letter in field {
            if letter != "_" { name += raises ? letter.uppercased() : String(letter) }
            raises = letter == "_"
        }
        return name
    }

    private static let all: [any ProtobufMessage.Type] = ExtRefMessageCatalog.all + RPCMessageCatalog.all

    @Test(arguments: all.map { $0.protoName })
    func `every property leads back to its field's JSON name`(protoName: String) throws {
        let type = try #require(Self.all.first { $0.protoName == protoName })
        let properties = Mirror(reflecting: type.init()).children.compactMap(\.label).map(
            ProtoJSON.name(ofProperty:))
        for field in type.schema.fields where !field.isOneofMember {
            #expect(properties.contains(Self.jsonName(field.name)), "\(protoName).\(field.name)")
        }
    }

    @Test(arguments: [
        ("projectID", "projectId"), ("issueURLTemplate", "issueUrlTemplate"), ("apiBaseURL", "apiBaseUrl"),
        ("url", "url"), ("baseURL", "baseUrl"), ("projectIds", "projectIds"), ("bareURL", "bareUrl"),
        ("issueID", "issueId"), ("typeURL", "typeUrl"),
    ])
    func `acronyms become words`(property: String, name: String) {
        #expect(ProtoJSON.name(ofProperty: property) == name)
    }

    @Test func `a link prints as protobuf's own libraries print it`() {
        var issue = Issue(id: "iss_1", key: "42", statusCategory: .inProgress, stale: true)
        issue.resolution = ""
        issue.assignees = [Person(id: "7", displayName: "Bob \"B\" Builder")]
        issue.fetchTime = GoogleTimestamp(seconds: 1_700_000_000, nanos: 250_000_000)
        var link = Link(id: "lnk_1", projectID: "P1", object: ObjectRef(kind: "case", id: "TC-1"))
        link.target = .issue(issue)
        link.createTime = GoogleTimestamp(seconds: -1, nanos: 1)
        #expect(
            ProtoJSON.node(link).text == """
                {
                  "id": "lnk_1",
                  "projectId": "P1",
                  "object": {
                    "kind": "case",
                    "id": "TC-1"
                  },
                  "issue": {
                    "id": "iss_1",
                    "key": "42",
                    "statusCategory": "STATUS_CATEGORY_IN_PROGRESS",
                    "resolution": "",
                    "assignees": [
                      {
                        "id": "7",
                        "displayName": "Bob \\"B\\" Builder"
                      }
                    ],
                    "fetchTime": "2023-11-14T22:13:20.250Z",
                    "stale": true
                  },
                  "createTime": "1969-12-31T23:59:59.000000001Z"
                }
                """)
    }

    @Test func `maps, 64-bit numbers, bytes and unknown enum values`() {
        let summary = SummarizeLinksResponse(linkCount: 9_007_199_254_740_993, byRelation: ["b": 2, "a": 1])
        #expect(
            ProtoJSON.node(summary).line
                == #"{"linkCount": "9007199254740993", "byRelation": {"a": "1", "b": "2"}}"#)
        #expect(
            ProtoJSON.node(GetDescriptorsResponse(fileDescriptorSet: [0, 255, 16])).line
                == #"{"fileDescriptorSet": "AP8Q"}"#)
        #expect(ProtoJSON.node(Source(state: LifecycleState(rawValue: 99))).line == #"{"state": 99}"#)
        #expect(ProtoJSON.node(Owner(owner: .tenant(true))).line == #"{"tenant": true}"#)
        #expect(ProtoJSON.node(ListLinksResponse()).line == "{}")
    }

    @Test(arguments: [
        (GoogleDuration(seconds: 1, nanos: 500_000_000), "1.500s"), (GoogleDuration(seconds: 3), "3s"),
        (GoogleDuration(seconds: 0, nanos: -1), "-0.000000001s"),
    ])
    func `durations print as seconds`(duration: GoogleDuration, text: String) {
        #expect(ProtoJSON.text(duration) == text)
    }
}
