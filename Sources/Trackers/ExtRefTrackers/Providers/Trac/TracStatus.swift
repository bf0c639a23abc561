// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What statuses and resolutions mean in Trac's default workflow; other workflows say it in a source's
/// status map.
enum TracStatus {
    private static let categories: [String: StatusCategory] = [
        "new": .todo, "reopened": .todo, "assigned": .inProgress, "accepted": .inProgress,
        // In the workflows that Trac ships as examples.
        "infoneeded": .inProgress, "infoneeded_new": .todo,
    ]
    private static let canceled: Set<String> = ["invalid", "wontfix", "duplicate", "worksforme"]

    static func category(of status: String, resolution: String?) -> StatusCategory {
        guard status.lowercased() == "closed" else { return categories[status.lowercased()] ?? .unknown }
        return canceled.contains(resolution?.lowercased() ?? "") ? .canceled : .done
    }
}
