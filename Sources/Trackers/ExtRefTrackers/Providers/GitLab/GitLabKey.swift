// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What names an issue or work item to people: `team/app#23`, or `groups/team#1` for an item of a group.
struct GitLabKey: Hashable, Sendable {
    let place: GitLabPlace
    /// The number within the place, without leading zeros.
    let iid: String

    /// Joins a place and a number.
    init?(_ place: GitLabPlace, iid: String) {
        guard NumberKey.plain(iid) != nil,
            place.text.utf8.count + 1 + iid.utf8.count <= DomainLimits.keyScalarsMax
        else { return nil }
        self.place = place
        self.iid = iid
    }

    /// Reads `team/app#23`.
    init?(_ text: String) {
        guard let mark = text.firstIndex(of: "#"), let place = GitLabPlace(String(text[..<mark])) else {
            return nil
        }
        self.init(place, iid: String(text[text.index(after: mark)...]))
    }

    var text: String { place.text + "#" + iid }
}
