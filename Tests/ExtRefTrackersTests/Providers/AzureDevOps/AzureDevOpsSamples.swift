// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

@testable import ExtRefTrackers

/// Sources, and answers of the documented shape that are written here, not recorded.
enum AzureDevOpsSamples {
    static let base = "https://dev.azure.com/acme"
    static let budget = Duration.seconds(5)
    static let tracker = AzureDevOpsTracker()
    static let registry = TrackerRegistry([AzureDevOpsTracker()])

    /// `Accept`, the suppressed log-in page, and the token as the password of nobody.
    static let headers = [
        HTTPField("Accept", "application/json"), HTTPField("X-TFS-FedAuthRedirect", "Suppress"),
        HTTPField("Authorization", "Basic OnBhdA=="),
    ]
    static let jsonHeaders = headers + [HTTPField("Content-Type", "application/json")]
    static let patchHeaders = headers + [HTTPField("Content-Type", "application/json-patch+json")]

    static func source(
        _ name: String = "ado", base: String = base, method: AuthenticationMethodID = .accessToken,
        settings: [String: String] = [:], allowed: [String] = [], project: String = ""
    ) -> IntegrationSource {
        var source = Samples.source(name, .azureDevOps, base)
        source.authenticationMethod = method
        source.authenticationSettings = settings
        source.allowedExternalProjects = allowed
        source.defaultExternalProject = project
        return source
    }

    /// With the token `pat`.
    static func ready(allowed: [String] = [], project: String = "") -> TrackerSource {
        TrackerSource(
            source(allowed: allowed, project: project), credential: TrackerCredential(["token": "pat"]))
    }

    /// Answers in their order; then, that something is wrong with the test.
    static func script(_ answers: [HTTPResponse]) -> FakeTransport {
        let counter = Counter()
        return FakeTransport { _ in
            let number = counter.increment()
            return number <= answers.count ? answers[number - 1] : HTTPResponse(status: 599)
        }
    }

    static func runner(_ transport: FakeTransport) -> TrackerRunner {
        TrackerRunner(
            registry: registry, transport: transport, clock: ManualClock(),
            wallClock: { Timestamp(seconds: 1_795_340_867) })
    }

    static func json(_ body: String, status: Int = 200, _ headers: [HTTPField] = []) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [HTTPField("content-type", "application/json; charset=utf-8")] + headers,
            body: Array(body.utf8))
    }

    static func refusal(_ status: Int, _ typeKey: String, _ message: String) -> HTTPResponse {
        json(
            """
            {"$id":"1","innerException":null,"message":"\(message)","typeName":"Sample.\(typeKey), Sample",\
            "typeKey":"\(typeKey)","errorCode":0,"eventId":3000}
            """, status: status)
    }

    static func list(_ elements: [String]) -> HTTPResponse {
        json("{\"count\":\(elements.count),\"value\":[\(elements.joined(separator: ","))]}")
    }

    static let states = list([
        #"{"name":"New","color":"b2b2b2","category":"Proposed"}"#,
        #"{"name":"Active","color":"007acc","category":"InProgress"}"#,
        #"{"name":"Resolved","color":"ff9d00","category":"Resolved"}"#,
        #"{"name":"Closed","color":"339933","category":"Completed"}"#,
        #"{"name":"Removed","color":"ffffff","category":"Removed"}"#,
    ])

    static let person =
        """
        {"displayName":"Ada Example","id":"11111111-2222-3333-4444-555555555555",\
        "uniqueName":"ada@example.com"}
        """

    /// A work item; `more` are further fields, each behind a comma.
    static func item(
        _ id: Int, title: String = "Checkout fails", state: String = "Active", type: String = "Bug",
        project: String = "Web Shop", changed: String = "2026-11-22T10:02:10.25Z", more: String = ""
    ) -> String {
        """
        {"id":\(id),"rev":3,"fields":{"System.Id":\(id),"System.TeamProject":"\(project)",\
        "System.WorkItemType":"\(type)","System.State":"\(state)","System.Reason":"Fixed and verified",\
        "System.CreatedDate":"2026-11-20T08:00:00Z","System.ChangedDate":"\(changed)",\
        "System.Title":"\(title)"\(more)},"url":"https://dev.azure.com/acme/_apis/wit/workItems/\(id)"}
        """
    }

    static func found(_ ids: [Int]) -> HTTPResponse {
        let items = ids.map {
            "{\"id\":\($0),\"url\":\"https://dev.azure.com/acme/_apis/wit/workItems/\($0)\"}"
        }
        return json("{\"queryType\":\"flat\",\"columns\":[],\"workItems\":[\(items.joined(separator: ","))]}")
    }
}

extension HTTPRequest {
    /// Method, and the address behind the organisation.
    var line: String { "\(method.rawValue) \(url.dropFirst(AzureDevOpsSamples.base.count))" }

    var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
