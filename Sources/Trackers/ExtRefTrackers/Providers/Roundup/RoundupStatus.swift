// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What the names of Roundup's statuses mean. They are the tracker's own and carry no category, so this
/// knows those of the templates that Roundup ships; a source's status map says the rest.
enum RoundupStatus {
    private static let categories: [String: StatusCategory] = [
        // classic, jinja2
        "unread": .todo, "deferred": .todo, "chatting": .inProgress, "need-eg": .inProgress,
        "in-progress": .inProgress, "testing": .inProgress,
        // "done until can be bothered": nobody works on it any more.
        "done-cbb": .done, "resolved": .done,
        // devel, responsive
        "new": .todo, "open": .todo, "pending": .inProgress, "closed": .done,
    ]

    static func category(of name: String) -> StatusCategory { categories[name.lowercased()] ?? .unknown }
}
