// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension GitLabTracker: BatchFetching {
    /// GitLab's largest page.
    public var batchIssuesMax: Int { Self.pageIssuesMax }

    static var pageIssuesMax: Int { 100 }
    /// Items of a group read in one query; GitLab bounds a query's complexity to about 250.
    static var groupItemsMax: Int { 10 }

    /// By project, because GitLab numbers issues within one.
    public func batches(of references: [IssueReference]) -> [[IssueReference]] {
        var order = [String]()
        var groups = [String: [IssueReference]]()
        for reference in references {
            let name = GitLabKey(reference.key)?.place.text.lowercased() ?? ""
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append(reference)
        }
        return order.flatMap { name -> [[IssueReference]] in
            let group = groups[name] ?? []
            let size = GitLabPlace(name)?.isGroup == true ? Self.groupItemsMax : batchIssuesMax
            return stride(from: 0, to: group.count, by: size).map {
                Array(group[$0..<min($0 + size, group.count)])
            }
        }
    }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        guard let place = references.first.flatMap({ GitLabKey($0.key)?.place }) else {
            return .done(BatchAnswer(found: [], refused: Self.all(references, .invalidRequest)))
        }
        let iids = references.compactMap { GitLabKey($0.key)?.iid }
        return place.isGroup
            ? try fetchGroupBatch(references, iids, place, from: source)
            : try fetchProjectBatch(references, iids, place, from: source)
    }

    private func fetchProjectBatch(
        _ references: [IssueReference], _ iids: [String], _ place: GitLabPlace, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        // The OpenAPI description says: an array, in the style `form`, not exploded.
        var request = try listRequest(
            place, [("iids", iids.joined(separator: ",")), ("per_page", String(batchIssuesMax))], of: source)
        // One project that is hidden or gone must not end the reading of the others.
        request.acceptedStatuses = [403, 404]
        return .send(request) { (response) throws(TrackerError) in
            switch response.status {
            case 403: BatchAnswer(found: [], refused: Self.all(references, try barrier(in: response)))
            case 404: BatchAnswer(found: [], refused: Self.all(references, .notFound))
            default: BatchAnswer(found: try readBatch(response, references, place, from: source))
            }
        }
    }

    /// Why a project is barred, when it is this project and not the whole source.
    private func barrier(in response: TrackerResponse) throws(TrackerError) -> TrackerError.Code {
        if let failure = failure(response) { throw failure }
        guard response.header("retry-after") == nil else {
            throw TrackerError(.rateLimited, "GitLab asks to wait before the next call.")
        }
        return .permissionDenied
    }

    /// Issues that moved away are left out: reading them one by one follows them.
    private func readBatch(
        _ response: TrackerResponse, _ references: [IssueReference], _ place: GitLabPlace,
        from source: TrackerSource
    ) throws(TrackerError) -> [IssueSnapshot] {
        try decodeIssues(response).filter { $0.successorID == nil }.compactMap { issue in
            snapshot(issue, at: response.wasMoved ? nil : place, of: source.source)
                .map { Self.naming($0, iid: String(issue.iid), references) }
        }
    }

    /// Notes under which other keys an issue was asked for, as when its project has another name now.
    static func naming(
        _ snapshot: IssueSnapshot, iid: String, _ references: [IssueReference]
    ) -> IssueSnapshot {
        var named = snapshot
        named.previousKeys = references.filter {
            GitLabKey($0.key)?.iid == iid && ($0.nativeID.isEmpty || $0.nativeID == snapshot.nativeID)
        }
        .map(\.key).filter { $0 != snapshot.key }
        return named
    }

    static func all(
        _ references: [IssueReference], _ code: TrackerError.Code
    ) -> [IssueReference: TrackerError.Code] {
        Dictionary(references.map { ($0, code) }) { first, _ in first }
    }
}
