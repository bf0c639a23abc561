// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
public import RPC

extension LinkService {
    public func resolveReference(
        _ request: ResolveReferenceRequest, context: CallContext
    ) async throws -> ResolveReferenceResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        guard (1...DomainLimits.urlBytesMax).contains(request.text.utf8.count) else {
            throw DomainError.invalid("text", "must be 1 to \(DomainLimits.urlBytesMax) bytes")
        }
        let (recognition, writer) = try await environment.store.read(scope.tenantID) { store in
            let configuration = try environment.configurations.snapshot(store)
            let only = try onlySource(request.sourceID, in: configuration, projectID: projectID)
            return (
                configuration.recogniser(for: projectID).recognise(request.text, only: only),
                LinkWriter(configuration: configuration, now: scope.now)
            )
        }
        var response = ResolveReferenceResponse()
        response.candidates = recognition.issues.map { writer.candidate($0) }
        response.explanation = recognition.explanation
        if request.preview, let first = recognition.issues.first, response.candidates.count == 1 {
            try scope.require(.link, in: projectID)
            try await preview(first, into: &response.candidates[0], scope: scope)
        }
        return response
    }

    public func extractReferences(
        _ request: ExtractReferencesRequest, context: CallContext
    ) async throws -> ExtractReferencesResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .read, scope: scope)
        guard request.text.unicodeScalars.count <= DomainLimits.extractTextScalarsMax else {
            throw DomainError.invalid(
                "text", "must be at most \(DomainLimits.extractTextScalarsMax) characters")
        }
        let configuration = try await environment.store.read(scope.tenantID) {
            try environment.configurations.snapshot($0)
        }
        let writer = LinkWriter(configuration: configuration, now: scope.now)
        let found = configuration.recogniser(for: projectID).extractReferences(request.text)
        return ExtractReferencesResponse(
            candidates: found.prefix(DomainLimits.extractCandidatesMax).map { candidate in
                writer.candidate(candidate.issue, range: candidate.range)
            })
    }

    private func onlySource(
        _ text: String, in configuration: ConfigurationSnapshot, projectID: ProjectID
    ) throws(DomainError) -> SourceID? {
        guard !text.isEmpty else { return nil }
        guard let id = SourceID(text), configuration.sources(in: projectID).contains(where: { $0.id == id })
        else {
            throw .notFound(.sourceNotFound, type: "Source", name: text)
        }
        return id
    }

    /// Reads the issue without storing it; a tracker's failure is part of the answer.
    private func preview(
        _ issue: RecognisedIssue, into candidate: inout ExtRefMessages.ReferenceCandidate, scope: CallScope
    ) async throws {
        let wish = IssueWish(sourceID: issue.sourceID, key: issue.key, url: issue.canonicalURL)
        do {
            let observation = try await IssueObserver(environment: environment, scope: scope)
                .observe(wish, budget: DomainLimits.inlineFetchBudget)
            switch observation {
            case .fresh(let snapshot, _):
                candidate.issue = try await unstoredIssue(snapshot, sourceID: issue.sourceID, scope: scope)
            case .known(let id):
                let known = try await environment.store.read(scope.tenantID) { try $0.issues.get(id) }
                candidate.issue = known.map { Issue($0, now: scope.now) }
            case .unread(let error): candidate.previewError = error.map { ItemError(DomainError($0)) }
            }
        } catch let error as DomainError {
            candidate.previewError = ItemError(error)
        }
    }

    /// Shows a snapshot without giving it an id: nothing was stored.
    private func unstoredIssue(
        _ snapshot: IssueSnapshot, sourceID: SourceID, scope: CallScope
    ) async throws -> Issue? {
        let source = try await environment.store.read(scope.tenantID) { try $0.sources.get(sourceID) }
        guard let source else { return nil }
        let category = source.category(
            status: snapshot.statusName, type: snapshot.type ?? "", provider: snapshot.providerCategory)
        var issue = Issue(
            ExternalIssue(
                id: IssueID(trusted: ""), tenantID: scope.tenantID, sourceID: sourceID, snapshot: snapshot,
                statusCategory: category, reachability: .ok, fetchedAt: scope.now),
            now: scope.now)
        issue.id = ""
        return issue
    }
}

extension LinkWriter {
    /// Writes one meaning of a text.
    func candidate(_ issue: RecognisedIssue, range: Range<Int>? = nil) -> ExtRefMessages.ReferenceCandidate {
        ExtRefMessages.ReferenceCandidate(
            source: source(issue.sourceID), key: issue.key, url: issue.canonicalURL,
            confidence: issue.confidence,
            startOffset: Int32(range?.lowerBound ?? 0), endOffset: Int32(range?.upperBound ?? 0))
    }
}

extension Recognition {
    fileprivate var issues: [RecognisedIssue] {
        switch self {
        case .matched(let issue): [issue]
        case .ambiguous(let issues): issues
        case .knownSourceNotAnIssue, .unknownSource, .invalid, .keyRefused: []
        }
    }

    fileprivate var explanation: String {
        switch self {
        case .matched, .ambiguous: ""
        case .knownSourceNotAnIssue(_, let reason):
            "The URL belongs to a source but names no issue: \(reason)"
        case .unknownSource(_, ""):
            "The URL belongs to no source of this project; it can be linked as bare_url."
        case .unknownSource(_, let explanation): explanation
        case .invalid(let reason): reason
        case .keyRefused(_, _, let reason): reason
        }
    }
}
