// SPDX-License-Identifier: Apache-2.0

extension GitHubTracker {
    /// First parts of addresses that are no owner's.
    private static let reservedOwners: Set<String> = [
        "orgs", "users", "repos", "api", "enterprises", "settings", "apps", "organizations",
    ]
    /// Forms in which GitHub serves a pull request as text.
    private static let pullRequestFormats = [".diff", ".patch"]

    /// Knows `/O/R/issues/N`, `/O/R/pull/N` with all that is below it, the REST addresses
    /// `/repos/O/R/(issues|pulls)/N` (below `/api/v3` on Enterprise Server), and the side pane of projects
    /// and issue lists, `?issue=O|R|N`.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        let key = apiKey(segments) ?? pageKey(segments) ?? paneKey(location)
        return key?.text
    }

    /// GitHub leads from `issues/N` to `pull/N` where the number is a pull request's.
    public func issueURL(of key: String, baseURL: String) -> String? {
        guard let key = GitHubKey(key) else { return nil }
        return "\(baseURL.withoutTrailingSlashes)/\(key.repository.text)/issues/\(key.number)"
    }

    private func pageKey(_ segments: [String]) -> GitHubKey? {
        guard segments.count >= 4, !Self.reservedOwners.contains(segments[0].lowercased()) else { return nil }
        var number = segments[3][...]
        switch segments[2] {
        case "issues" where segments.count == 4: break
        case "pull":
            if segments.count == 4, let format = Self.pullRequestFormats.first(where: number.hasSuffix) {
                number = number.dropLast(format.count)
            }
        default: return nil
        }
        return GitHubKey(owner: segments[0], name: segments[1], number: number)
    }

    private func apiKey(_ segments: [String]) -> GitHubKey? {
        let path = segments.starts(with: ["api", "v3"]) ? Array(segments.dropFirst(2)) : segments
        guard path.count == 5, path[0] == "repos", path[3] == "issues" || path[3] == "pulls" else {
            return nil
        }
        return GitHubKey(owner: path[1], name: path[2], number: path[4])
    }

    /// An issue opened beside a project's board or a list keeps the list's path and names itself in the
    /// query.
    private func paneKey(_ location: IssueLocation) -> GitHubKey? {
        guard isPaneHost(location.segments), let value = location.queryValue("issue") else { return nil }
        let parts = value.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return GitHubKey(owner: String(parts[0]), name: String(parts[1]), number: parts[2])
    }

    private func isPaneHost(_ segments: [String]) -> Bool {
        guard segments.count >= 3 else { return segments.first == "issues" }
        return segments[2] == "projects" && segments.count >= 4
            || segments[2] == "issues" && segments.count == 3
    }
}
