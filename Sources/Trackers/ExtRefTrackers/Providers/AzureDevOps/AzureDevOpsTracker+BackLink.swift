// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

extension AzureDevOpsTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .linkObject }

    /// Leaves a hyperlink on the work item. Azure DevOps keeps one of each address, so several of our links
    /// between the same two things share one; its comment names them.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        try change(key(of: issue), in: source) { $0.stepsToPut(link) }.map { $0.remoteID(of: link) }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        try change(key(of: issue), in: source) { $0.stepsToRemove(link, remoteID: remoteID) }.map { _ in () }
    }

    /// Reads an item's relations and changes them, provided that nobody else changes the item meanwhile: a
    /// place in the list of relations has a meaning in one revision only.
    ///
    /// A change that is refused is judged by a second look. If somebody was quicker, it is tried once more;
    /// if the same link is there by now, which Azure DevOps refuses to add again, nothing is left to do.
    private func change(
        _ key: String, in source: TrackerSource, isSecondLook: Bool = false, refused: TrackerError? = nil,
        by steps: @escaping @Sendable (AzureDevOpsWire.LinkedItem) -> [AzureDevOpsPatchStep]
    ) throws(TrackerError) -> TrackerCall<AzureDevOpsWire.LinkedItem> {
        let look = try get(["wit", "workitems", key], query: [("$expand", "relations")], in: source)
        return .send(look) { (response) throws(TrackerError) in
            let item = try TrackerJSON.decode(AzureDevOpsWire.LinkedItem.self, from: response)
            let wanted = steps(item)
            guard !wanted.isEmpty else { return .done(item) }
            if let refused { throw refused }
            var request = try patch(
                .patch, ["wit", "workitems", key],
                steps: [AzureDevOpsPatchStep("test", "/rev", .number(item.rev))] + wanted, in: source)
            request.acceptedStatuses = [400, 401, 409, 412]
            return .send(request) { (answer) throws(TrackerError) in
                if (200..<300).contains(answer.status) {
                    return .done(
                        (try? TrackerJSON.decode(AzureDevOpsWire.LinkedItem.self, from: answer)) ?? item)
                }
                let refusal = writeRefusal(answer, of: source)
                guard !isSecondLook, answer.status != 401 else { throw refusal }
                return try change(
                    key, in: source, isSecondLook: true, refused: answer.status == 400 ? refusal : nil,
                    by: steps)
            }
        }
    }
}
