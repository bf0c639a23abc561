// SPDX-License-Identifier: Apache-2.0

extension AsanaTracker {
    /// Knows both generations of addresses. The older ones are `/0/PROJECT/TASK`, with `/f` for the task
    /// alone, and `/0/search/SEARCH/TASK` and `/0/inbox/PERSON/TASK/STORY` for a task seen elsewhere; the
    /// newer ones are `/1/WORKSPACE/project/PROJECT/task/TASK`, with or without the project, and
    /// `/comment/STORY` behind.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments[...]
        switch segments.first {
        case "0": return Self.olderKey(segments.dropFirst())
        case "1": return Self.newerKey(segments.dropFirst())
        default: return nil
        }
    }

    private static func olderKey(_ segments: ArraySlice<String>) -> String? {
        var rest = segments
        let place = rest.popFirst() ?? ""
        if ["search", "inbox", "home"].contains(place) {
            guard let seen = rest.popFirst(), isGID(seen) else { return nil }
        } else if !isGID(place), place != "0" {
            return nil
        }
        guard let task = rest.popFirst(), isGID(task) else { return nil }
        let isAtEnd = rest.isEmpty || rest.count == 1 && (rest.first == "f" || place == "inbox")
        return isAtEnd ? task : nil
    }

    private static func newerKey(_ segments: ArraySlice<String>) -> String? {
        var rest = segments
        guard let workspace = rest.popFirst(), isGID(workspace) else { return nil }
        if rest.first == "project" {
            guard rest.count > 2, isGID(rest[rest.startIndex + 1]) else { return nil }
            rest = rest.dropFirst(2)
        }
        guard rest.popFirst() == "task", let task = rest.popFirst(), isGID(task) else { return nil }
        return rest.isEmpty || rest.count == 2 && rest.first == "comment" ? task : nil
    }
}
