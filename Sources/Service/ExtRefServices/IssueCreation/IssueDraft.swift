// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers

/// A wish to create an issue that passed every check which needs no tracker.
struct IssueDraft: Sendable {
    let projectID: ProjectID
    let source: IntegrationSource
    /// The external project; empty = the tracker's only or default one.
    let externalProject: String
    let issueType: String
    /// What the caller sent, with the source's templates in place of what it left out.
    let fields: [String: String]
    let object: TestObject
    let ancestors: [TestObject]
    let relation: Relation
    let note: String
    let fingerprint: String
    let reuse: ReusePolicy

    /// The draft of the link, once the issue is known.
    func link(to issue: IssueID) -> ResolvedDraft {
        ResolvedDraft(
            object: object, ancestors: ancestors, target: .issue(issue), relation: relation, note: note,
            fingerprint: fingerprint)
    }

    /// The request with everything settled that configuration decided, so that it means the same issue and
    /// link whenever it is read again.
    func settled(_ request: CreateIssueRequest) -> CreateIssueRequest {
        var settled = request
        settled.externalProject = externalProject
        settled.fields = fields
        settled.link?.relationID = relation.id.rawValue
        settled.link?.relationName = ""
        return settled
    }
}

/// Reads requests for forms and new issues by one snapshot of the configuration.
struct IssueDraftReader {
    let choice: SourceChoice
    let caller: Caller

    private var configuration: ConfigurationSnapshot { choice.configuration }

    /// Reads a wish to create an issue; every problem of its fields at once.
    /// - Parameter isSent: whether it was sent already, so that only its end is looked for: what may be
    ///   created is then no question any more.
    func draft(_ request: CreateIssueRequest, isSent: Bool = false) throws(DomainError) -> IssueDraft {
        let source = try choice.find(request.sourceID)
        try choice.require(isSent ? .fetch : .create, of: source)
        let project =
            isSent
            ? request.externalProject : try choice.externalProject(request.externalProject, of: source)
        let message = request.link ?? LinkDraft()
        guard message.target?.target == nil else {
            throw .invalid("link.target", "must be unset: the link goes to the new issue")
        }
        var violations = Self.violations(of: request.fields)
        violations += Self.objectFieldViolations(request.objectFields)
        var object: TestObject?
        var ancestors = [TestObject]()
        do throws(DomainError) { object = try TestObject(message.object, field: "link.object") } catch {
            violations += error.violations
        }
        do throws(DomainError) {
            ancestors = try TestObject.ancestors(message.ancestors, field: "link.ancestors")
        } catch { violations += error.violations }
        if let problem = DraftResolver.noteProblem(message.note) {
            violations.append(FieldViolation("link.note", problem))
        }
        violations += DraftResolver.fingerprintViolations(message.fingerprint, field: "link.fingerprint")
        guard let object, violations.isEmpty else { throw .invalid(violations) }
        let relation = try RelationChoice(
            configuration: configuration, projectID: choice.projectID, caller: caller
        ).choose(id: message.relationID, name: message.relationName, for: object.kind, field: "link")
        let fields = filled(request.fields, with: request.objectFields, of: object, source: source)
        return IssueDraft(
            projectID: choice.projectID, source: source, externalProject: project,
            issueType: request.issueType, fields: fields, object: object, ancestors: ancestors,
            relation: relation, note: message.note, fingerprint: message.fingerprint,
            reuse: request.reusePolicy)
    }

    /// What the caller left out and a template of the source says.
    func filled(
        _ fields: [String: String], with objectFields: [String: String], of object: TestObject?,
        source: IntegrationSource
    ) -> [String: String] {
        var filled = fields.filter { !$0.value.isEmpty }
        let values = templateValues(objectFields, of: object, source: source)
        let templates = [
            ("title", source.issueTitleTemplate), ("description", source.issueDescriptionTemplate),
        ]
        for (name, text) in templates where filled[name] == nil && !text.isEmpty {
            let value = (try? TextTemplate(text))?.filled(with: values) ?? ""
            if !value.isEmpty { filled[name] = name == "title" ? Self.oneLine(value) : value }
        }
        return filled
    }

    private func templateValues(
        _ objectFields: [String: String], of object: TestObject?, source: IntegrationSource
    ) -> [String: String] {
        var values = objectFields
        values["project"] = choice.projectID.rawValue
        guard let object else { return values }
        values["kind"] = object.kind.rawValue
        values["id"] = object.id
        values["url"] = (try? TestObjectURLTemplate(source.testObjectURLTemplate))?
            .url(of: object, in: choice.projectID)
        return values
    }

    /// Titles are one line everywhere; what templates fill in may hold more.
    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(DomainLimits.shortTextScalarsMax)))
    }

    static func objectFieldViolations(_ fields: [String: String]) -> [FieldViolation] {
        guard fields.count <= ServiceLimits.objectFieldsMax else {
            return [
                FieldViolation(
                    "object_fields", "must hold at most \(ServiceLimits.objectFieldsMax) entries")
            ]
        }
        return fields.sorted { $0.key < $1.key }.compactMap { name, value in
            value.utf8.count <= ServiceLimits.objectFieldBytesMax
                ? nil
                : FieldViolation(
                    "object_fields[\(name)]", "must be at most \(ServiceLimits.objectFieldBytesMax) bytes")
        }
    }

    private static func violations(of fields: [String: String]) -> [FieldViolation] {
        guard fields.count <= ServiceLimits.issueFieldsMax else {
            return [FieldViolation("fields", "must hold at most \(ServiceLimits.issueFieldsMax) entries")]
        }
        return fields.sorted { $0.key < $1.key }.compactMap { name, value in
            guard (1...ServiceLimits.issueFieldNameBytesMax).contains(name.utf8.count) else {
                return FieldViolation(
                    "fields", "must have names of 1 to \(ServiceLimits.issueFieldNameBytesMax) bytes")
            }
            guard value.utf8.count <= ServiceLimits.issueFieldBytesMax else {
                return FieldViolation(
                    "fields[\(name)]", "must be at most \(ServiceLimits.issueFieldBytesMax) bytes")
            }
            return nil
        }
    }
}
