// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Sources and answers that the tests of Forgejo start from. The issue is cut from a delivery recorded by
/// go-playground/webhooks (MIT).
enum ForgejoSamples {
    static let base = "https://git.example.com"

    static func source(
        _ baseURL: String = base, project: String = "", allowed: [String] = [],
        method: AuthenticationMethodID = .accessToken, token: String = "TOKEN"
    ) -> TrackerSource {
        var source = Samples.source("forgejo", .forgejo, baseURL)
        source.authenticationMethod = method
        source.defaultExternalProject = project
        source.allowedExternalProjects = allowed
        return TrackerSource(
            source, credential: method == .accessToken ? TrackerCredential(["token": token]) : .init())
    }

    static func script(_ answers: [String: ForgeScript.Answer]) -> ForgeScript {
        ForgeScript(ForgejoTracker(), at: base, answers)
    }

    static let issue = """
        {"id":1,"url":"http://localhost:3000/api/v1/repos/example/example/issues/1",\
        "html_url":"http://localhost:3000/example/example/issues/1","number":1,"user":{"id":1,\
        "login":"example","full_name":""},"title":"example","body":"","labels":[{"id":1,"name":"bug",\
        "color":"ee0701"}],"milestone":null,"assignee":{"id":1,"login":"example","full_name":""},\
        "assignees":[{"id":1,"login":"example","full_name":""},{"id":2,"login":"bob","full_name":"Bob B."}],\
        "state":"open","is_locked":false,"comments":1,"created_at":"2022-03-09T16:19:00+09:00",\
        "updated_at":"2022-03-09T16:21:23+09:00","closed_at":null,"due_date":null,"pull_request":null,\
        "repository":{"id":1,"name":"example","owner":"example","full_name":"example/example"}}
        """

    /// An issue of fewest words.
    static func issue(
        id: Int = 92, number: Int = 23, in repository: String = "team/app", state: String = "open",
        pull: String = "null", title: String = "Checkout fails",
        updated: String = "2026-11-22T09:00:00Z", body: String = ""
    ) -> String {
        """
        {"id":\(id),"number":\(number),"title":"\(title)","state":"\(state)","body":"\(body)",\
        "assignees":null,"labels":[],"closed_at":"2026-11-22T09:00:00Z","updated_at":"\(updated)",\
        "pull_request":\(pull),"repository":{"full_name":"\(repository)"}}
        """
    }
}
