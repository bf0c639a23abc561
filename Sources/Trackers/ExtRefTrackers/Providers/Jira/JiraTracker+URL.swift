// SPDX-License-Identifier: Apache-2.0

extension JiraTracker {
    /// Knows the pages of an issue, the boards and lists that show one beside them, the portals of service
    /// management, and the REST resource. An address that names an issue by its id alone is none: only Jira
    /// knows the key.
    public func key(at location: IssueLocation) -> String? {
        let place = JiraPlace.key(in: location.segments[...]).flatMap(canonicalKey)
        return place
            ?? JiraPlace.keyItems(of: location).firstNonNil { location.queryValue($0).flatMap(canonicalKey) }
    }
}

/// Where in Jira's addresses a key stands.
enum JiraPlace {
    /// Parts of Jira that list projects below `/jira/`.
    private static let products: Set<String> = ["software", "core", "servicedesk", "polaris", "work"]
    /// Most parts between a project and the key, as in `queues/custom/3`.
    private static let sectionsMax = 5
    private static let restVersions: Set<String> = ["2", "3", "latest"]

    /// The part of a path where the key of an issue stands, if the path is that of one.
    static func key(in path: ArraySlice<String>) -> String? {
        let rest = path.dropFirst()
        switch path.first {
        case "browse", "issues": return rest.count == 1 ? rest.first : nil
        case "projects": return keyBelowProject(rest)
        case "jira": return keyBelowProduct(rest)
        case "servicedesk": return keyBelowServiceDesk(rest)
        case "rest": return keyOfResource(rest)
        // Views for printing and for feeds: /si/jira.issueviews:issue-xml/K/K.xml
        case "si": return rest.first?.hasPrefix("jira.issueviews:") == true ? rest.dropFirst().first : nil
        default: return nil
        }
    }

    /// Items of the query that name the issue shown.
    static func keyItems(of location: IssueLocation) -> [String] {
        location.segments.last == "ViewIssue.jspa" ? ["key", "selectedIssue"] : ["selectedIssue"]
    }

    /// `P/issues/K`, `P/queues/custom/N/K`, `P/boards/N/K` …
    private static func keyBelowProject(_ path: ArraySlice<String>) -> String? {
        (3...sectionsMax).contains(path.count) ? path.last : nil
    }

    /// `software[/c]/projects/P/…/K`
    private static func keyBelowProduct(_ path: ArraySlice<String>) -> String? {
        guard let product = path.first, products.contains(product) else { return nil }
        var rest = path.dropFirst()
        if rest.first == "c" { rest = rest.dropFirst() }
        return rest.first == "projects" ? keyBelowProject(rest.dropFirst()) : nil
    }

    /// `customer/portal/N/K`, `agent/P/queue/N/K`
    private static func keyBelowServiceDesk(_ path: ArraySlice<String>) -> String? {
        guard path.count >= 4 else { return nil }
        if path.starts(with: ["customer", "portal"]) { return path.count == 4 ? path.last : nil }
        return path.first == "agent" ? path.last : nil
    }

    /// `api/3/issue/K`, `agile/1.0/issue/K`, and what stands below them.
    private static func keyOfResource(_ path: ArraySlice<String>) -> String? {
        guard path.count >= 4 else { return nil }
        let parts = Array(path.prefix(4))
        let isKnown = parts[0] == "api" && restVersions.contains(parts[1]) || parts[0] == "agile"
        return isKnown && parts[2] == "issue" ? parts[3] : nil
    }
}

extension Sequence {
    /// The first result that is not nil.
    fileprivate func firstNonNil<Value>(_ transform: (Element) -> Value?) -> Value? {
        for element in self {
            if let value = transform(element) { return value }
        }
        return nil
    }
}
