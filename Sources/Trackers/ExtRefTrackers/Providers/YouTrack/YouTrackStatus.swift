// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What states mean. Whether an issue is resolved is YouTrack's own word, a time; the rest goes by the names
/// of its project templates, and a source's status map overrides all of it.
enum YouTrackStatus {
    private static let waiting: Set<String> = [
        "", "submitted", "open", "reopened", "new", "to do", "todo", "backlog", "registered", "unassigned",
    ]
    private static let canceled: Set<String> = [
        "won't fix", "wont fix", "can't reproduce", "cannot reproduce", "duplicate", "obsolete", "incomplete",
        "rejected", "canceled", "cancelled", "invalid", "as designed", "declined",
    ]

    static func category(of state: String, isResolved: Bool) -> StatusCategory {
        let state = state.lowercased().replacing("\u{2019}", with: "'")
        if isResolved { return canceled.contains(state) ? .canceled : .done }
        return waiting.contains(state) ? .todo : .inProgress
    }
}
