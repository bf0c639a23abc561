// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension LinearTracker: BackLinking {
    public var backLinkForm: BackLinkForm { .linkObject }

    /// An attachment, which Linear keeps single by issue and address: a second one changes the texts.
    public func putBackLink(
        _ link: BackLink, on issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<String> {
        let input = LinearVariables.Attachment(
            issueId: try issueID(of: issue), url: link.url, title: link.title, subtitle: link.relationship,
            metadata: LinearVariables.Attachment.Metadata(linkId: link.linkID))
        let request = try ask(LinearQuery.attach, LinearVariables.Attach(input: input), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let payload = try read(LinearWire.AttachAnswer.self, from: response).attachmentCreate
            guard payload.success, let id = payload.attachment.id.value, Self.isID(id) else {
                throw TrackerError(.badResponse, "Linear does not say which link it put on the issue.")
            }
            return id
        }
    }

    public func removeBackLink(
        _ link: BackLink, remoteID: String, from issue: IssueReference, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        if Self.isID(remoteID) { return try detach([remoteID], in: source) }
        let request = try ask(LinearQuery.attachments, LinearVariables.Address(url: link.url), of: source)
        return .send(request) { (response) throws(TrackerError) in
            let found = try read(LinearWire.AttachmentsAnswer.self, from: response).attachmentsForURL.elements
            let ids = found.filter { $0.issue.isMeant(by: issue) }.compactMap(\.id.value).filter(Self.isID)
            return try detach(ids.prefix(Self.attachmentsMax), in: source)
        }
    }

    /// Attachments of one address on one issue; Linear keeps one.
    private static let attachmentsMax = 5

    private func detach(
        _ ids: some Collection<String> & Sendable, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Void> {
        guard let id = ids.first else { return .done(()) }
        let rest = Array(ids.dropFirst())
        var request = try ask(LinearQuery.detach, LinearVariables.ID(id: id), of: source)
        // That it is not there any more is what was wanted.
        request.acceptedStatuses = [200, 400]
        return .send(request) { (response) throws(TrackerError) in
            try checkDetached(response)
            return try detach(rest, in: source)
        }
    }

    private func checkDetached(_ response: TrackerResponse) throws(TrackerError) {
        if let failure = failure(response) {
            guard failure.code == .notFound else { throw failure }
            return
        }
        guard response.status == 200 else {
            throw TrackerError(.invalidRequest, "Linear refuses the request (HTTP \(response.status)).")
        }
        guard try read(LinearWire.DetachAnswer.self, from: response).attachmentDelete.success else {
            throw TrackerError(.badResponse, "Linear says that the link was not removed, but not why.")
        }
    }
}

extension LinearWire {
    struct Attached: Decodable {
        let id: Lenient<String>
    }

    struct AttachAnswer: Decodable {
        struct Payload: Decodable {
            let success: Bool
            let attachment: Attached
        }

        let attachmentCreate: Payload
    }

    struct AttachmentsAnswer: Decodable {
        struct Attachment: Decodable {
            let id: Lenient<String>
            let issue: Holder
        }

        struct Holder: Decodable {
            let id: String
            let identifier: String

            func isMeant(by reference: IssueReference) -> Bool {
                reference.nativeID.isEmpty ? identifier == reference.key : id == reference.nativeID
            }
        }

        let attachmentsForURL: Page<Attachment>
    }

    struct DetachAnswer: Decodable {
        struct Payload: Decodable {
            let success: Bool
        }

        let attachmentDelete: Payload
    }
}
