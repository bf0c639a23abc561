// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What statuses and resolutions mean. Whether a bug is open is Bugzilla's own word; the rest goes by the
/// names it ships with, and a source's status map overrides all of it.
enum BugzillaStatus {
    private static let waiting: Set<String> = ["UNCONFIRMED", "CONFIRMED", "NEW", "REOPENED"]
    private static let started: Set<String> = ["IN_PROGRESS", "ASSIGNED"]
    private static let closed: Set<String> = ["RESOLVED", "VERIFIED", "CLOSED"]
    /// Resolutions that say the work was done; the last ones are those of distributions.
    private static let done: Set<String> = [
        "FIXED", "CURRENTRELEASE", "NEXTRELEASE", "RAWHIDE", "ERRATA", "UPSTREAM", "DONE", "COMPLETED",
    ]

    static func category(of status: String, isOpen: Bool?, resolution: String) -> StatusCategory {
        let status = status.uppercased()
        guard let isOpen = isOpen ?? known(status) else { return .unknown }
        if isOpen { return waiting.contains(status) ? .todo : .inProgress }
        return resolution.isEmpty || done.contains(resolution.uppercased()) ? .done : .canceled
    }

    private static func known(_ status: String) -> Bool? {
        if closed.contains(status) { return false }
        return waiting.contains(status) || started.contains(status) ? true : nil
    }
}
