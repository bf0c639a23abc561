// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers

/// Writes down what a changed link should leave in its tracker, in the transaction that changes it; a job
/// brings the tracker into that state later.
struct BackLinkPlanning {
    let environment: ServiceEnvironment
    let now: Timestamp

    /// A link was created (no before), changed, or deleted (no after).
    func note(_ before: Link?, _ after: Link?, in store: WriteContext) throws {
        guard let id = (after ?? before)?.id else { return }
        let known = before == nil ? nil : try store.backLinks.get(id)
        let wanted = try after.flatMap { try record(of: $0, known: known, in: store) }
        if let wanted {
            guard wanted != known else { return }
            try store.backLinks.put(wanted)
        } else if var known, known.isWanted {
            known.isWanted = false
            try store.backLinks.put(known)
        } else {
            return
        }
        guard let sourceID = (wanted ?? known)?.sourceID else { return }
        try store.jobs.add(
            Job(
                id: environment.makeID(), tenantID: store.tenantID, kind: .backLink, sourceID: sourceID,
                subject: id.rawValue, dueAt: now), at: now)
    }

    /// What the link should leave; nil = nothing.
    private func record(
        of link: Link, known: BackLinkRecord?, in store: WriteContext
    ) throws -> BackLinkRecord? {
        guard case .issue(let issueID, let sourceID) = link.target else { return nil }
        let configuration = try environment.configurations.snapshot(within: store)
        guard let source = configuration.sources[sourceID], isAllowed(source),
            let template = try? TestObjectURLTemplate(source.testObjectURLTemplate),
            let issue = try store.issues.get(issueID)
        else { return nil }
        let relation = configuration.relations[link.relationID]
        let inverse = relation?.inverseName ?? ""
        var record = BackLinkRecord(
            linkID: link.id, tenantID: link.tenantID, sourceID: sourceID, issueKey: issue.snapshot.key,
            nativeID: issue.snapshot.nativeID, url: template.url(of: link.object, in: link.projectID),
            title: Self.title(of: link.object), relationship: inverse.isEmpty ? relation?.name ?? "" : inverse
        )
        record.remoteID = known?.remoteID ?? ""
        record.putAt = known?.putAt
        return record
    }

    private func isAllowed(_ source: IntegrationSource) -> Bool {
        guard !source.testObjectURLTemplate.isEmpty, source.deletedAt == nil,
            let form = environment.trackers.backLinkForm(of: source)
        else { return false }
        return switch form {
        case .linkObject: !source.switchedOff.contains(.backLink)
        case .comment: source.allowsBackLinkComments && !source.switchedOff.contains(.comment)
        }
    }

    /// What people read in the tracker, such as `Test case TC-12`.
    private static func title(of object: TestObject) -> String {
        let kind =
            switch object.kind {
            case .testCase: "Test case"
            case .run: "Test run"
            case .session: "Test session"
            case .result: "Test result"
            default: object.kind.rawValue.prefix(1).uppercased() + object.kind.rawValue.dropFirst()
            }
        return "\(kind) \(object.id)"
    }
}
