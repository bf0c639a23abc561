// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

/// The addresses people paste, with every tracker a source of one tenant: none may claim another's.
@Suite struct AllTrackersURLTests {
    private let recogniser = Samples.recogniser(
        Samples.source("jira", .jiraCloud, "https://acme.atlassian.net"),
        Samples.source("dc", .jiraDataCenter, "https://jira.corp.example/jira"),
        Samples.source("github", .gitHub, "https://github.com"),
        Samples.source("gitlab", .gitLab, "https://gitlab.com"),
        Samples.source("sub", .gitLab, "https://git.corp.example/gitlab"),
        Samples.source("plain", .gitLab, "http://example.com"),
        Samples.source("ado", .azureDevOps, "https://dev.azure.com/fabrikam"),
        Samples.source("vs", .azureDevOps, "https://fabrikam.visualstudio.com"),
        Samples.source("tfs", .azureDevOps, "https://tfs.corp.example:8080/tfs/DefaultCollection"),
        Samples.source("linear", .linear, "https://linear.app/acme"),
        Samples.redmine(),
        Samples.source("forgejo", .forgejo, "https://code.example.org"),
        Samples.source("bugzilla", .bugzilla, "https://bugs.example.org"),
        Samples.source("youtrack", .youTrack, "https://acme.youtrack.cloud"),
        Samples.source("roundup", .roundup, "https://issues.example.org/tracker"),
        Samples.source("trac", .trac, "https://trac.example.com/demo"),
        Samples.source("asana", .asana, "https://app.asana.com"),
        Samples.source("shortcut", .shortcut, "https://app.shortcut.com/acme"))

    @Test(arguments: [
        // Jira
        ("https://acme.atlassian.net/browse/TES-41?focusedCommentId=10001", "jira TES-41"),
        (
            "acme.atlassian.net/jira/software/c/projects/TES/boards/3/backlog?selectedIssue=TES-41",
            "jira TES-41"
        ),
        ("https://acme.atlassian.net/issues/?jql=project%3DTES&selectedIssue=tes-41", "jira TES-41"),
        ("https://acme.atlassian.net/jira/software/projects/TES/list/TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/jira/core/projects/TES/board?selectedIssue=TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/projects/TES/issues/TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/issues/TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/jira/servicedesk/projects/TES/queues/custom/5/TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/servicedesk/customer/portal/2/TES-41", "jira TES-41"),
        ("https://acme.atlassian.net/rest/api/3/issue/TES-41", "jira TES-41"),
        ("https://jira.corp.example/jira/secure/RapidBoard.jspa?rapidView=7&selectedIssue=OPS-9", "dc OPS-9"),
        ("https://jira.corp.example/jira/servicedesk/customer/portal/2/SUP-77", "dc SUP-77"),
        ("https://jira.corp.example/jira/rest/api/latest/issue/OPS-9", "dc OPS-9"),
        // GitHub
        (
            "https://github.com/Codertocat/Hello-World/issues/1#issuecomment-492700400",
            "github Codertocat/Hello-World#1"
        ),
        ("https://github.com/Codertocat/Hello-World/pull/2/files", "github Codertocat/Hello-World#2"),
        ("https://github.com/orgs/acme/projects/4?pane=issue&issue=acme%7Capp%7C3", "github acme/app#3"),
        ("https://api.github.com/repos/acme/app/issues/3", "github acme/app#3"),
        ("https://api.github.com/repos/acme/app/pulls/3", "github acme/app#3"),
        // GitLab
        ("https://git.corp.example/gitlab/team/sub/app/-/issues/23#note_5", "sub team/sub/app#23"),
        ("https://gitlab.com/team/app/-/work_items/23", "gitlab team/app#23"),
        ("http://example.com/diaspora/app/issues/23", "plain diaspora/app#23"),
        ("https://gitlab.com/groups/team/-/work_items/1", "gitlab groups/team#1"),
        ("https://gitlab.com/groups/team/-/epics/1", "gitlab groups/team#1"),
        ("https://gitlab.com/team/app/-/issues/incident/23", "gitlab team/app#23"),
        ("https://gitlab.com/team/app/-/incidents/23", "gitlab team/app#23"),
        (
            "https://gitlab.com/team/app/-/boards/7"
                + "?show=eyJpaWQiOiIyMyIsImZ1bGxfcGF0aCI6InRlYW0vYXBwIiwiaWQiOjV9",
            "gitlab team/app#23"
        ),
        // Azure DevOps
        ("https://dev.azure.com/fabrikam/Fabrikam%20Fiber/_workitems/edit/12/", "ado 12"),
        ("https://dev.azure.com/fabrikam/_workitems/edit/12", "ado 12"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/recentlyupdated/?workitem=12", "ado 12"),
        ("https://dev.azure.com/fabrikam/Web/_backlogs/backlog/Web%20Team/Stories/?workitem=12", "ado 12"),
        ("https://dev.azure.com/fabrikam/Web/_sprints/taskboard/T/Web/S1?workitem=12", "ado 12"),
        ("https://dev.azure.com/fabrikam/Web/_queries/query/q/?workitem=12", "ado 12"),
        ("https://dev.azure.com/fabrikam/Web/_queries/edit/12", "ado 12"),
        ("https://dev.azure.com/fabrikam/_apis/wit/workItems/12", "ado 12"),
        (
            "https://dev.azure.com/fabrikam/web/wi.aspx?pcguid=20cda608-32f0-4e6e-9b7c-8def7b38d15a&id=12",
            "ado 12"
        ),
        (
            "https://fabrikam.visualstudio.com/Web/_boards/board/t/Web%20Team/Stories/?workitem=297",
            "vs 297"
        ),
        ("https://tfs.corp.example:8080/tfs/DefaultCollection/Web/_workitems?id=5&_a=edit", "tfs 5"),
        // Linear
        ("https://linear.app/acme/issue/ENG-12/checkout-fails", "linear ENG-12"),
        ("https://linear.app/issue/LIN-1778/foo-bar#comment-77217de3", "linear LIN-1778"),
        // Redmine
        ("https://redmine.example.com/issues/1#note-3", "redmine 1"),
        ("https://redmine.example.com/issues/1.json", "redmine 1"),
        ("https://redmine.example.com/projects/shop/issues/1", "redmine 1"),
        // The rest
        ("https://code.example.org/acme/app/issues/4", "forgejo acme/app#4"),
        ("https://code.example.org/acme/app/pulls/4", "forgejo acme/app#4"),
        ("https://bugs.example.org/show_bug.cgi?id=35", "bugzilla 35"),
        ("https://bugs.example.org/35", "bugzilla 35"),
        ("https://acme.youtrack.cloud/issue/SP-8/slow-login", "youtrack SP-8"),
        ("https://acme.youtrack.cloud/agiles/108-2/current?issue=SP-8", "youtrack SP-8"),
        ("https://acme.youtrack.cloud/issues/SP?issue=SP-8", "youtrack SP-8"),
        ("https://issues.example.org/tracker/issue17", "roundup 17"),
        ("https://trac.example.com/demo/ticket/2#comment:1", "trac 2"),
        ("https://app.asana.com/0/1200000000000100/1200000000000200/f", "asana 1200000000000200"),
        ("https://app.asana.com/1/12/project/34/task/56", "asana 56"),
        ("https://app.shortcut.com/acme/story/15/slow-login", "shortcut 15"),
    ])
    func `an address finds its source and key`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("codertocat/hello-world#1", "github", "codertocat/hello-world#1"),
        ("team/sub/app#23", "gitlab", "team/sub/app#23"), ("AB#12", "ado", "12"), ("#12", "ado", "12"),
        ("sc-15", "shortcut", "15"), ("#1", "redmine", "1"), ("tes-41", "jira", "TES-41"),
    ])
    func `a short form is a key of its source`(typed: String, source: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id(source)).summary == "\(source) \(key)")
    }

    @Test(arguments: [
        ("https://github.com/acme/app/issues/new", "no issue of github"),
        ("https://github.com/acme/app/issues?q=is:open", "no issue of github"),
        ("https://acme.atlassian.net/browse/TES", "no issue of jira"),
        ("https://gitlab.com/g/p/-/merge_requests/3", "no issue of gitlab"),
        ("https://dev.azure.com/o/p/_workitems/recentlyupdated/", "unknown"),
        ("https://dev.azure.com/fabrikam/p/_workitems/recentlyupdated/", "no issue of ado"),
        ("javascript:alert(1)", "invalid"), ("file:///etc/passwd", "invalid"),
        ("https://user:pass@github.com/acme/app/issues/1", "invalid"),
    ])
    func `an address that is none is told apart`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test func `of a tracker that was closed down the answer says so`() {
        guard
            case .unknownSource(_, let explanation) =
                recogniser.recognise("https://bitbucket.org/acme/app/issues/7/slow-login")
        else {
            Testing.Issue.record("not told apart")
            return
        }
        #expect(explanation.contains("Bitbucket"))
    }
}
