// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPCMessages

extension Issue {
    /// Writes an issue; `maxAge` decides what counts as stale.
    init(_ issue: ExternalIssue, now: Timestamp, maxAge: Duration? = nil) {
        self.init()
        let seen = issue.snapshot
        id = issue.id.rawValue
        sourceID = issue.sourceID.rawValue
        key = seen.key
        url = seen.webURL
        title = seen.title
        status = seen.statusName
        statusCategory = issue.statusCategory.message
        resolution = seen.resolution
        assignees = seen.assignees.map { assignee in
            var person = Person()
            person.id = assignee.id
            person.displayName = assignee.displayName
            return person
        }
        priority = seen.priority
        type = seen.type
        labels = seen.labels
        externalProject = seen.projectKey
        createTime = seen.createdAt.map { GoogleTimestamp($0) }
        updateTime = seen.updatedAt.map { GoogleTimestamp($0) }
        closeTime = seen.closedAt.map { GoogleTimestamp($0) }
        previousKeys = seen.previousKeys
        reachability = issue.reachability.message
        fetchTime = issue.fetchedAt.map { GoogleTimestamp($0) }
        nextFetchTime = issue.nextFetchAt.map { GoogleTimestamp($0) }
        stale = maxAge.map { issue.isStale(at: now, maxAge: $0) } ?? (issue.fetchedAt == nil)
        errorReason = issue.lastErrorReason
        errorMessage = issue.lastErrorMessage
    }
}
