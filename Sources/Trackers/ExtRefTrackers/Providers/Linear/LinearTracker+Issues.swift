// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker: BatchFetching {
    /// Linear's largest page. At 29 points an issue this is 7,300 of the 10,000 points a question may cost.
    public var batchIssuesMax: Int { 250 }

    /// Most pages of one batch. Each issue asked for is one node, so a second page means that Linear cut the
    /// first one short.
    static let batchPagesMax = 8
    /// Former keys kept of one issue.
    static let previousKeysMax = 50

    public func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let id = try issueID(of: reference)
        let request = try ask(LinearQuery.issue, LinearVariables.ID(id: id), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let issue = try read(LinearWire.IssueAnswer.self, from: response).issue
            guard issue.trashed.value != true else {
                throw TrackerError(
                    .gone, "The issue lies in Linear's trash; it can be restored there for a while.")
            }
            return try known(issue, askedAs: reference.key, of: source)
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        let variables = LinearVariables.Issues(filter: try filter(for: references), first: references.count)
        return try page(variables, left: Self.batchPagesMax, of: source, found: []) { issues in
            batchAnswer(issues, to: references, from: source)
        }
    }

    /// Reads pages until the last one. A batch that is cut would look as if issues were missing.
    private func page(
        _ variables: LinearVariables.Issues, left: Int, of source: TrackerSource, found: [LinearWire.Issue],
        _ finish: @escaping @Sendable ([LinearWire.Issue]) -> BatchAnswer
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        let request = try ask(LinearQuery.issues, variables, of: source)
        return .send(request) { (response) throws(TrackerError) in
            let page = try read(LinearWire.IssuesAnswer.self, from: response).issues
            let all = found + page.elements
            let next = try page.next()
            if next.isEmpty { return .done(finish(all)) }
            guard left > 1 else {
                throw TrackerError(.badResponse, "Linear answers with more issues than it was asked for.")
            }
            return try self.page(
                LinearVariables.Issues(filter: variables.filter, first: variables.first, after: next),
                left: left - 1, of: source, found: all, finish)
        }
    }

    private func batchAnswer(
        _ issues: [LinearWire.Issue], to references: [IssueReference], from source: TrackerSource
    ) -> BatchAnswer {
        let byID = Dictionary(references.map { ($0.nativeID.lowercased(), $0) }) { first, _ in first }
        let byKey = Dictionary(references.map { ($0.key, $0) }) { first, _ in first }
        var answer = BatchAnswer(found: [])
        for issue in issues {
            let reference = byID[issue.id.lowercased()] ?? byKey[issue.identifier]
            if issue.trashed.value == true {
                if let reference { answer.refused[reference] = .gone }
            } else if let snapshot = snapshot(issue, askedAs: reference?.key, of: source) {
                answer.found.append(snapshot)
            }
        }
        return answer
    }

    /// All that asks for the references: by id where it is known, else by team and number. There is no filter
    /// by key.
    private func filter(for references: [IssueReference]) throws(TrackerError) -> LinearVariables.Filter {
        var ids = [String]()
        var numbers = [String: [Int]]()
        for reference in references {
            if Self.isID(reference.nativeID) {
                ids.append(reference.nativeID)
            } else if let parts = Self.parts(of: reference.key) {
                numbers[parts.team, default: []].append(parts.number)
            } else {
                throw Self.noKey
            }
        }
        var any = numbers.sorted { $0.key < $1.key }.map { team, numbers in
            LinearVariables.Filter(
                number: LinearVariables.Comparator(in: numbers),
                team: LinearVariables.TeamFilter(key: LinearVariables.Comparator(eq: team)))
        }
        if !ids.isEmpty { any.insert(LinearVariables.Filter(id: LinearVariables.Comparator(in: ids)), at: 0) }
        return LinearVariables.Filter(or: any)
    }

    static let noKey = TrackerError(.invalidRequest, "This is no key of a Linear issue.")

    /// What Linear is to find an issue by: its id, else its key.
    func issueID(of reference: IssueReference) throws(TrackerError) -> String {
        if Self.isID(reference.nativeID) { return reference.nativeID }
        guard let key = canonicalKey(reference.key) else { throw Self.noKey }
        return key
    }
}

// MARK: - Snapshots

extension LinearTracker {
    /// The issue as it is kept.
    /// - Throws: ``TrackerError/Code/badResponse`` when it has no id or key that can be one.
    func known(
        _ issue: LinearWire.Issue, askedAs key: String? = nil, of source: TrackerSource
    ) throws(TrackerError) -> IssueSnapshot {
        guard let snapshot = snapshot(issue, askedAs: key, of: source) else {
            throw TrackerError(.badResponse, "Linear's answer holds no usable issue id or key.")
        }
        return snapshot
    }

    func snapshot(
        _ issue: LinearWire.Issue, askedAs asked: String? = nil, of source: TrackerSource
    ) -> IssueSnapshot? {
        guard Self.isID(issue.id), let parts = Self.parts(of: issue.identifier) else { return nil }
        let key = issue.identifier
        let title = TrackerText.title(issue.title)
        var snapshot = IssueSnapshot(
            nativeID: issue.id, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? key : title,
            statusName: TrackerText.short(issue.state.name), providerCategory: issue.state.category)
        snapshot.previousKeys = previousKeys(of: issue, askedAs: asked)
        snapshot.projectKey = parts.team
        snapshot.priority = issue.priority.value == 0 ? nil : Self.text(issue.priorityLabel.value)
        snapshot.assignees = [issue.assignee.value.flatMap(Self.person)].compactMap(\.self)
        snapshot.labels = (issue.labels.value?.elements ?? []).compactMap { Self.text($0.name.value) }
        snapshot.labels = Array(snapshot.labels.prefix(DomainLimits.labelsMax))
        snapshot.createdAt = issue.createdAt.value.flatMap(TrackerDate.parse)
        snapshot.updatedAt = issue.updatedAt.value.flatMap(TrackerDate.parse)
        if snapshot.providerCategory.isClosed {
            snapshot.closedAt = (issue.completedAt.value ?? issue.canceledAt.value).flatMap(TrackerDate.parse)
        }
        return snapshot
    }

    /// Keys it had, and the one it was asked for by: a renamed team changes keys without noting them.
    private func previousKeys(of issue: LinearWire.Issue, askedAs asked: String?) -> [String] {
        let told = (issue.previousIdentifiers.value ?? []).compactMap { $0.value.flatMap(canonicalKey) }
        var keys = Array(told.filter { $0 != issue.identifier }.prefix(Self.previousKeysMax))
        if let asked, asked != issue.identifier, !keys.contains(asked), canonicalKey(asked) == asked {
            keys.append(asked)
        }
        return keys
    }

    private static func person(_ user: LinearWire.User) -> ExternalPerson? {
        guard let id = text(user.id.value), let name = text(user.name.value) ?? text(user.displayName.value)
        else {
            return nil
        }
        return ExternalPerson(id: id, displayName: name)
    }

    /// A short text, cleaned; nil when nothing is left.
    static func text(_ text: String?) -> String? {
        guard let text = text.map(TrackerText.short), !text.isEmpty else { return nil }
        return text
    }
}
