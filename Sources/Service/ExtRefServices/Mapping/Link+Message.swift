// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import RPCMessages

/// Writes links with what they show of their issue, relation and source.
struct LinkWriter {
    let configuration: ConfigurationSnapshot
    let now: Timestamp
    var maxAge: Duration?

    /// Writes one link.
    func message(_ link: Link, issue: ExternalIssue?) -> Wire.Link {
        var message = Wire.Link()
        message.id = link.id.rawValue
        message.projectID = link.projectID.rawValue
        message.object = ObjectRef(link.object)
        message.ancestors = link.ancestors.map(ObjectRef.init)
        message.relation = relation(link.relationID)
        message.note = link.note
        message.createdBy = link.createdBy.rawValue
        message.createTime = GoogleTimestamp(link.createdAt)
        message.updateTime = GoogleTimestamp(link.updatedAt)
        message.etag = ETag.text(link.revision)
        switch link.target {
        case .url(let url): message.target = .url(url)
        case .issue(_, let sourceID):
            message.source = source(sourceID)
            message.target = issue.map { .issue(Issue($0, now: now, maxAge: maxAge)) }
        }
        return message
    }

    /// Writes a link as a query found it.
    func message(_ detail: LinkDetail) -> Wire.Link {
        message(detail.link, issue: detail.issue)
    }

    /// Writes what a link shows of a source.
    func source(_ id: SourceID) -> LinkSource {
        var message = LinkSource()
        message.id = id.rawValue
        if let source = configuration.sources[id] {
            message.displayName = source.displayName
            message.provider = source.providerID.rawValue
            message.state = LifecycleState(source)
        } else {
            message.state = .deleted
        }
        return message
    }

    private func relation(_ id: RelationID) -> LinkRelation {
        var message = LinkRelation()
        message.id = id.rawValue
        if let relation = configuration.relations[id] {
            message.name = relation.name
            message.inverseName = relation.inverseName
            message.semanticType = relation.semanticType.message
            message.color = relation.color
            message.state = LifecycleState(relation)
        } else {
            message.state = .deleted
        }
        return message
    }
}

extension ObjectRef {
    init(_ object: TestObject) {
        self.init()
        kind = object.kind.rawValue
        id = object.id
    }
}

extension TestObject {
    /// Reads a test object, or names the part that is missing or wrong.
    init(_ message: ObjectRef?, field: String) throws(DomainError) {
        guard let message else { throw .invalid(field, "must be set: kind and id of the test object") }
        var violations = [FieldViolation]()
        let kind = ObjectKind(message.kind)
        if kind == nil {
            violations.append(
                FieldViolation(
                    field + ".kind",
                    "must be case, run, session, milestone, result or another word of [a-z][a-z0-9_]{0,31}"))
        }
        let scalars = message.id.unicodeScalars.count
        if !(1...DomainLimits.hostIDScalarsMax).contains(scalars)
            || !message.id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            violations.append(
                FieldViolation(
                    field + ".id", "must be 1 to \(DomainLimits.hostIDScalarsMax) visible ASCII characters"))
        }
        guard let kind, violations.isEmpty else { throw .invalid(violations) }
        self.init(kind: kind, id: message.id)
    }

    /// Reads the objects that hold another one.
    static func ancestors(_ messages: [ObjectRef], field: String) throws(DomainError) -> [TestObject] {
        guard messages.count <= DomainLimits.ancestorsMax else {
            throw .invalid(field, "must name at most \(DomainLimits.ancestorsMax) objects")
        }
        var ancestors = [TestObject]()
        for (index, message) in messages.enumerated() {
            ancestors.append(try TestObject(message, field: "\(field)[\(index)]"))
        }
        return ancestors
    }
}
