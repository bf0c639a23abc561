// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension YouTrackTracker {
    /// Latest time that is believed: the end of the year 9999, in milliseconds.
    private static let timeMax: Int64 = 253_402_300_799_999

    func snapshot(_ issue: YouTrackWire.Issue, of source: TrackerSource) -> IssueSnapshot? {
        guard Self.isEntityID(issue.id), let key = canonicalKey(issue.key) else { return nil }
        let names = YouTrackFieldNames(source)
        let fields: [YouTrackWire.CustomField] = issue.customFields.entries()
        let title = TrackerText.title(issue.summary.value ?? "")
        let state = Self.name(names.state, in: fields) ?? ""
        let resolvedAt = Self.time(issue.resolved.value)
        var snapshot = IssueSnapshot(
            nativeID: issue.id, key: key, webURL: issueURL(of: key, in: source),
            title: title.isEmpty ? key : title, statusName: state,
            providerCategory: YouTrackStatus.category(of: state, isResolved: resolvedAt != nil))
        snapshot.projectKey = TrackerText.short(issue.project.value?.shortName.value ?? "")
        snapshot.priority = Self.name(names.priority, in: fields)
        snapshot.type = Self.name(names.type, in: fields)
        snapshot.assignees = Self.values(names.assignee, in: fields).prefix(DomainLimits.assigneesMax)
            .compactMap(Self.person)
        snapshot.labels = issue.tags.entries().prefix(DomainLimits.labelsMax)
            .map { (tag: YouTrackWire.Value) in TrackerText.short(tag.name.value ?? "") }.filter {
                !$0.isEmpty
            }
        snapshot.createdAt = Self.time(issue.created.value)
        snapshot.updatedAt = Self.time(issue.updated.value)
        snapshot.closedAt = resolvedAt
        return snapshot
    }

    /// The values of the first field that the issue has.
    private static func values(
        _ names: [String], in fields: [YouTrackWire.CustomField]
    ) -> [YouTrackWire.Value] {
        for name in names {
            let field = fields.first { $0.name.lowercased() == name.lowercased() }
            if let field { return field.value.value?.values ?? [] }
        }
        return []
    }

    private static func name(_ names: [String], in fields: [YouTrackWire.CustomField]) -> String? {
        let name = values(names, in: fields).first?.name.value.map(TrackerText.short)
        return name?.isEmpty == false ? name : nil
    }

    private static func person(_ value: YouTrackWire.Value) -> ExternalPerson? {
        let login = TrackerText.short(value.login.value ?? "")
        let shown = TrackerText.short(value.fullName.value ?? value.name.value ?? "")
        let id = value.id.value.flatMap { isEntityID($0) ? $0 : nil } ?? login
        guard !id.isEmpty else { return nil }
        return ExternalPerson(id: id, displayName: !shown.isEmpty ? shown : login.isEmpty ? id : login)
    }

    private static func time(_ value: Int64?) -> Timestamp? {
        value.flatMap { (0...timeMax).contains($0) ? Timestamp(milliseconds: $0) : nil }
    }
}
