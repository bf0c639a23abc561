// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefTrackers

/// A link that passed every check which needs no tracker.
struct ResolvedDraft: Sendable {
    let object: TestObject
    let ancestors: [TestObject]
    let target: ResolvedTarget
    let relation: Relation
    let note: String
    /// Under which its failure was seen; empty = none.
    var fingerprint = ""
}

/// What a draft points to.
enum ResolvedTarget: Sendable {
    /// An issue by key; it may be known already or not.
    case key(IssueWish)
    /// An issue that must be known.
    case issue(IssueID)
    /// A bare URL.
    case url(String)
}

/// An issue somebody wants to link.
struct IssueWish: Sendable, Hashable {
    let sourceID: SourceID
    let key: String
    /// Where people open it, as the source's template builds it.
    let url: String
}

/// Judges drafts by one snapshot of the configuration: pure, and every problem of a draft at once.
struct DraftResolver {
    let configuration: ConfigurationSnapshot
    let projectID: ProjectID
    let caller: Caller

    /// Resolves a draft; `field` is its place in the request.
    func resolve(_ draft: LinkDraft, field: String) throws(DomainError) -> ResolvedDraft {
        var violations = [FieldViolation]()
        var object: TestObject?
        var ancestors = [TestObject]()
        do throws(DomainError) {
            object = try TestObject(draft.object, field: field + ".object")
        } catch { violations += error.violations }
        do throws(DomainError) {
            ancestors = try TestObject.ancestors(draft.ancestors, field: field + ".ancestors")
        } catch { violations += error.violations }
        if let problem = Self.noteProblem(draft.note) {
            violations.append(FieldViolation(field + ".note", problem))
        }
        violations += Self.fingerprintViolations(draft.fingerprint, field: field + ".fingerprint")
        if draft.target?.target == nil {
            violations.append(FieldViolation(field + ".target", "must be a url, key, issue_id or bare_url"))
        }
        guard let object, let target = draft.target?.target, violations.isEmpty else {
            throw .invalid(violations)
        }
        let relation = try RelationChoice(configuration: configuration, projectID: projectID, caller: caller)
            .choose(id: draft.relationID, name: draft.relationName, for: object.kind, field: field)
        return ResolvedDraft(
            object: object, ancestors: ancestors, target: try resolve(target, field: field + ".target"),
            relation: relation, note: draft.note, fingerprint: draft.fingerprint)
    }

    /// Says what is wrong with a fingerprint.
    static func fingerprintViolations(_ fingerprint: String, field: String) -> [FieldViolation] {
        let isSound =
            fingerprint.utf8.count <= DomainLimits.fingerprintBytesMax
            && fingerprint.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard !isSound else { return [] }
        return [
            FieldViolation(
                field, "must be at most \(DomainLimits.fingerprintBytesMax) visible ASCII characters")
        ]
    }

    /// Says what is wrong with a note; nil = nothing.
    static func noteProblem(_ note: String) -> String? {
        let isTooLong = note.unicodeScalars.count > DomainLimits.noteScalarsMax
        return isTooLong ? "must be at most \(DomainLimits.noteScalarsMax) characters" : nil
    }

    private func resolve(
        _ target: Wire.LinkTarget.Target, field: String
    ) throws(DomainError) -> ResolvedTarget {
        switch target {
        case .bareURL(let text): return .url(try webURL(text, field: field + ".bare_url"))
        case .issueID(let text):
            guard let id = IssueID(text) else { throw .notFound(.issueNotFound, type: "Issue", name: text) }
            return .issue(id)
        case .url(let text):
            try requireSources()
            _ = try webURLUnlessSchemeless(text, field: field + ".url")
            return .key(try wish(recogniser.recognise(text), field: field + ".url"))
        case .key(let key):
            guard (1...DomainLimits.keyScalarsMax).contains(key.key.unicodeScalars.count) else {
                throw .invalid(field + ".key.key", "must be 1 to \(DomainLimits.keyScalarsMax) characters")
            }
            try requireSources()
            return .key(try resolve(key, field: field + ".key"))
        }
    }

    private func resolve(_ key: SourceKey, field: String) throws(DomainError) -> IssueWish {
        guard !key.sourceID.isEmpty else {
            return try wish(recogniseBareKey(key.key), field: field + ".key", otherwise: .keyInvalid)
        }
        guard let id = SourceID(key.sourceID), let source = configuration.sources[id],
            source.deletedAt == nil,
            source.isVisible(to: caller)
        else { throw .notFound(.sourceNotFound, type: "Source", name: key.sourceID) }
        guard configuration.sources(in: projectID).contains(where: { $0.id == id }) else {
            throw .precondition(
                .sourceNotAvailable, subject: key.sourceID,
                "Source '\(source.displayName)' is not available to project '\(projectID)'.")
        }
        return try wish(recogniser.resolveKey(key.key, in: id), field: field + ".key")
    }

    /// A key without a source: the only source says precisely what is wrong with it, several can only
    /// disagree.
    private func recogniseBareKey(_ key: String) -> Recognition {
        let sources = configuration.sources(in: projectID)
        guard sources.count == 1, let only = sources.first else { return recogniser.recognise(key) }
        return recogniser.resolveKey(key, in: only.id)
    }

    private var recogniser: URLRecogniser { configuration.recogniser(for: projectID) }

    private func requireSources() throws(DomainError) {
        guard configuration.sources(in: projectID).isEmpty else { return }
        throw .precondition(
            .noSourceConfigured, subject: projectID.rawValue,
            "Project '\(projectID)' has no integration source yet. An admin must create one (AdminService."
                + "CreateSource) or make one available to the project before issues can be linked.")
    }

    /// Turns what the recogniser saw into a wish, or into the error that helps.
    private func wish(
        _ recognition: Recognition, field: String, otherwise: ErrorReason = .urlInvalid
    ) throws(DomainError) -> IssueWish {
        switch recognition {
        case .matched(let found):
            try requireEnabled(found.sourceID)
            return IssueWish(sourceID: found.sourceID, key: found.key, url: found.canonicalURL)
        case .ambiguous(let candidates):
            let names = candidates.compactMap { configuration.sources[$0.sourceID]?.displayName }
            throw .invalid(
                field, "may belong to \(names.joined(separator: ", ")); name the source",
                reason: .keyAmbiguous)
        case .knownSourceNotAnIssue(let id, let reason):
            let name = configuration.sources[id]?.displayName ?? id.rawValue
            throw .invalid(
                field, "belongs to source '\(name)' but names no issue: \(reason)", reason: .urlNotAnIssue)
        case .unknownSource(_, let explanation) where !explanation.isEmpty:
            throw .invalid(field, explanation + " Link it as bare_url.", reason: .urlUnknownSource)
        case .unknownSource:
            throw .invalid(
                field,
                "belongs to no source of project '\(projectID)'. Ask an admin to add one, or link it as bare_url",
                reason: .urlUnknownSource)
        case .invalid(let reason): throw .invalid(field, reason, reason: otherwise)
        case .keyRefused(let id, let refusal, let reason):
            try requireEnabled(id)
            throw .invalid(field, reason, reason: refusal)
        }
    }

    /// Refuses a disabled source by its name: its old links stay readable, new ones wait until it is enabled.
    func requireEnabled(_ id: SourceID) throws(DomainError) {
        guard let source = configuration.sources[id], !source.isEnabled else { return }
        throw .precondition(
            .sourceDisabled, subject: id.rawValue,
            "Source '\(source.displayName)' is disabled. An admin must enable it before new links are possible."
        )
    }

    private func webURL(_ text: String, field: String) throws(DomainError) -> String {
        do {
            return try WebURL(text).text
        } catch {
            throw .invalid(field, error.description, reason: .urlInvalid)
        }
    }

    /// People paste `host/path` without a scheme too; only text that names a scheme is held to http(s) here.
    private func webURLUnlessSchemeless(_ text: String, field: String) throws(DomainError) {
        guard text.unicodeScalars.count <= DomainLimits.urlBytesMax else {
            throw .invalid(field, "must be at most \(DomainLimits.urlBytesMax) bytes", reason: .urlInvalid)
        }
        let head = WebURL.trimmed(text).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let colon = head.firstIndex(of: ":"),
            !head[head.index(after: colon)...].allSatisfy(\.isNumber)
                || head.index(after: colon) == head.endIndex
        else { return }
        _ = try webURL(text, field: field)
    }
}
