// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker: ChangesReading {
    /// Issues a page; 2,900 points.
    static let changesPageSize = 100

    public var changesNeedProject: Bool { false }

    /// An issue in the trash is left out: it is no issue to show, and reading it by itself tells that it is
    /// gone.
    public func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        var filter = Self.teams(project.isEmpty ? source.source.allowedExternalProjects : [project])
        filter = filter ?? LinearVariables.Filter()
        filter?.updatedAt = LinearVariables.Comparator(gte: TrackerDate.text(since))
        let variables = LinearVariables.Issues(
            filter: filter ?? LinearVariables.Filter(), first: Self.changesPageSize,
            after: page.isEmpty ? nil : page)
        return .send(try ask(LinearQuery.changedIssues, variables, of: source)) {
            (response) throws(TrackerError) in
            let page = try read(LinearWire.IssuesAnswer.self, from: response).issues
            let issues = page.elements.filter { $0.trashed.value != true }
            return ChangesPage(issues: issues.compactMap { snapshot($0, of: source) }, next: try page.next())
        }
    }
}
