// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Sources and answers that the tests of GitLab start from. The issue is cut from a sample of gitlab4j-api
/// (MIT), with other names.
enum GitLabSamples {
    static let base = "https://gitlab.example.com"

    static func source(
        _ baseURL: String = base, project: String = "", allowed: [String] = [],
        method: AuthenticationMethodID = .accessToken, token: String = "TOKEN"
    ) -> TrackerSource {
        var source = Samples.source("gitlab", .gitLab, baseURL)
        source.authenticationMethod = method
        source.defaultExternalProject = project
        source.allowedExternalProjects = allowed
        return TrackerSource(
            source, credential: method == .accessToken ? TrackerCredential(["token": token]) : .init())
    }

    static func script(_ answers: [String: ForgeScript.Answer], at baseURL: String = base) -> ForgeScript {
        ForgeScript(GitLabTracker(), at: baseURL, answers)
    }

    static let issue = """
        {"project_id":4,"author":{"state":"active","username":"root","id":1,"name":"Administrator"},\
        "description":"Omnis vero earum sunt corporis dolor et placeat.","state":"closed","iid":1,\
        "assignees":[{"username":"lennie","state":"active","id":9,"name":"Dr. Luella Kovacek"}],\
        "assignee":{"username":"lennie","state":"active","id":9,"name":"Dr. Luella Kovacek"},\
        "labels":["bug","area::api"],"id":41,"title":"Ut commodi ullam eos dolores",\
        "updated_at":"2016-01-04T15:31:46.176Z","created_at":"2016-01-04T15:31:46.176Z",\
        "closed_at":"2016-01-05T15:31:46.176Z","references":{"short":"#1","relative":"#1",\
        "full":"example/example#1"},"severity":"UNKNOWN","type":"ISSUE","issue_type":"issue",\
        "web_url":"https://gitlab.example.com/example/example/-/issues/1","confidential":false,\
        "moved_to_id":null}
        """

    /// An issue of fewest words.
    static func issue(
        id: Int = 92, iid: Int = 23, in project: String = "team/app", state: String = "opened",
        movedTo: Int? = nil, title: String = "Checkout fails", updated: String = "2026-11-22T09:00:00.000Z",
        description: String = ""
    ) -> String {
        """
        {"id":\(id),"iid":\(iid),"project_id":4,"title":"\(title)","state":"\(state)",\
        "description":"\(description)","moved_to_id":\(movedTo.map(String.init) ?? "null"),\
        "references":{"full":"\(project)#\(iid)"},"updated_at":"\(updated)",\
        "web_url":"https://gitlab.example.com/\(project)/-/issues/\(iid)"}
        """
    }

    /// GraphQL's answer to where an issue is.
    static func place(_ project: String, iid: Int) -> String {
        """
        {"data":{"issue":{"iid":"\(iid)","webUrl":"https://gitlab.example.com/\(project)/-/issues/\(iid)"}}}
        """
    }

    /// A work item as GraphQL shows it.
    static func item(
        id: Int = 93_843, iid: String = "1", state: String = "OPEN", status: String = "null",
        url: String = "https://gitlab.example.com/groups/team/-/work_items/1"
    ) -> String {
        """
        {"id":"gid://gitlab/WorkItem/\(id)","iid":"\(iid)","title":"Test Epic item","state":"\(state)",\
        "webUrl":"\(url)","closedAt":"2026-11-02T10:00:00Z","createdAt":"2026-11-01T10:00:00Z",\
        "workItemType":{"name":"Epic"},"widgets":[{"__typename":"WorkItemWidgetStatus","status":\(status)},\
        {"__typename":"WorkItemWidgetAssignees","assignees":{"nodes":[{"id":"gid://gitlab/User/9",\
        "username":"lennie","name":"Dr. Luella Kovacek"}]}},{"__typename":"WorkItemWidgetLabels",\
        "labels":{"nodes":[{"title":"bug"},{"title":"area::api"}]}},{"__typename":"WorkItemWidgetNotes"}]}
        """
    }
}
