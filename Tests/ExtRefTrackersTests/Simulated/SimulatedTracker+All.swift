// SPDX-License-Identifier: Apache-2.0


import ExtRefDomain
import ExtRefTrackers

extension SimulatedTracker {
    /// Every provider that cannot run here and is spoken for by the simulator.
    static let all: [SimulatedTracker] = [jiraCloud, jiraDataCenter]

    static let jiraCloud = SimulatedTracker(
        provider: .jiraCloud, name: "jira", path: "/jira", project: "TES", otherProject: "OPS",
        method: .emailAndToken, settings: ["email": "alice@example.net"],
        secrets: { ["api_token": "jira-\($0.word)-token"] }, batchPaths: ["/issue/bulkfetch"])

    static let jiraDataCenter = SimulatedTracker(
        provider: .jiraDataCenter, name: "jiradc", path: "/jiradc", project: "TES", otherProject: "OPS",
        method: .accessToken, secrets: { ["token": "jiradc-\($0.word)-token"] }, batchPaths: ["/search"])
}

extension SimulatedTracker.Standing {
    /// As the simulator's default credentials write it.
    var word: String { rawValue.replacing("_", with: "-") }
}
