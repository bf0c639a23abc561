// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

extension SimulatedTracker {
    /// Every provider that cannot run here and is spoken for by the simulator.
    static let all: [SimulatedTracker] = [
        jiraCloud, jiraDataCenter, gitHub, gitLab, azureDevOps, linear, shortcut, asana, forgejo, bugzilla,
        youTrack,
    ]

    static let jiraCloud = SimulatedTracker(
        provider: .jiraCloud, name: "jira", path: "/jira", project: "TES", otherProject: "OPS",
        method: .emailAndToken, settings: ["email": "alice@example.net"],
        secrets: { ["api_token": "jira-\($0.word)-token"] }, doneStatus: "Done",
        batchPaths: ["/issue/bulkfetch"],
        // A classic API token has no scopes: an account without rights is what comes nearest.
        expected: [.wrongScope: .permissionDenied])

    static let jiraDataCenter = SimulatedTracker(
        provider: .jiraDataCenter, name: "jiradc", path: "/jiradc", project: "TES", otherProject: "OPS",
        method: .accessToken, secrets: { ["token": "jiradc-\($0.word)-token"] }, doneStatus: "Done",
        batchPaths: ["/search"], expected: [.wrongScope: .permissionDenied])

    static let gitHub = SimulatedTracker(
        provider: .gitHub, name: "github", path: "/github", project: "acme/app", otherProject: "acme/web",
        method: .accessToken, secrets: { ["token": "github-\($0.word)-token"] }, doneStatus: "closed",
        batchPaths: ["/graphql"], throttling: [.tooManyRequests, .secondary, .primary, .unavailable])

    static let gitLab = SimulatedTracker(
        provider: .gitLab, name: "gitlab", path: "/gitlab", project: "team/app", otherProject: "team/web",
        method: .accessToken, secrets: { ["token": "gitlab-\($0.word)-token"] }, doneStatus: "closed",
        batchPaths: ["/projects/team%2Fapp/issues"])

    static let azureDevOps = SimulatedTracker(
        provider: .azureDevOps, name: "ado", path: "/ado/fabrikam", project: "Web",
        otherProject: "Fabrikam Fiber", method: .accessToken, secrets: { ["token": "ado-\($0.word)-token"] },
        doneStatus: "Done", batchPaths: ["/wit/workitemsbatch"],
        creationPath: "/_apis/wit/workitems/(\\$|%24)")

    static let linear = SimulatedTracker(
        provider: .linear, name: "linear", path: "/linear", project: "ENG", otherProject: "OPS",
        method: .apiKey, secrets: { ["api_key": "linear-\($0.word)-token"] }, doneStatus: "Done",
        apiPath: "/linear", batchPaths: ["/graphql"], creationPath: "/graphql$", creationSkip: 1,
        throttling: [.badRequest, .unavailable])

    static let shortcut = SimulatedTracker(
        provider: .shortcut, name: "shortcut", path: "/shortcut/acme", project: "engineering",
        otherProject: "", controlProject: "Shop", method: .apiKey,
        secrets: { ["api_token": "shortcut-\($0.word)-token"] }, doneStatus: "Completed",
        apiPath: "/shortcut/api/v3", creationPath: "/stories$")

    static let asana = SimulatedTracker(
        provider: .asana, name: "asana", path: "/asana", project: "1200000000000100",
        otherProject: "1200000000000200", method: .accessToken, settings: ["workspace": "1200000000000001"],
        secrets: { ["token": "asana-\($0.word)-token"] }, doneStatus: "Done", batchPaths: ["/batch"],
        creationPath: "/tasks(\\?|$)")

    static let forgejo = SimulatedTracker(
        provider: .forgejo, name: "forgejo", path: "/forgejo", project: "acme/app", otherProject: "",
        method: .accessToken, secrets: { ["token": "forgejo-\($0.word)-token"] }, doneStatus: "closed")

    static let bugzilla = SimulatedTracker(
        provider: .bugzilla, name: "bugzilla", path: "/bugzilla", project: "Shop", otherProject: "Server",
        method: .apiKey, secrets: { ["api_key": "bugzilla-\($0.word)-key"] }, doneStatus: "VERIFIED",
        batchPaths: ["/rest/bug"], creationPath: "/rest/bug$",
        fields: ["component": "Checkout", "version": "1.0"],
        // A key has no end and no scopes; an account that may not see a product is told that there is none.
        expected: [.expired: .credentialsRejected, .wrongScope: .notFound])

    static let youTrack = SimulatedTracker(
        provider: .youTrack, name: "youtrack", path: "/youtrack", project: "SP", otherProject: "OPS",
        method: .accessToken, secrets: { ["token": "perm:youtrack-\($0.word)-token"] },
        doneStatus: "Fixed", creationPath: "/api/issues(\\?|$)",
        // Whoever the token is of may not enter.
        expected: [.wrongScope: .permissionDenied])
}

extension SimulatedTracker.Standing {
    /// As the simulator's default credentials write it.
    var word: String { rawValue.replacing("_", with: "-") }
}
