// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Finds the relation a new link shall have, and says what is missing when there is none.
struct RelationChoice {
    let configuration: ConfigurationSnapshot
    let projectID: ProjectID
    let caller: Caller

    /// Chooses by id, else by name, else the project's default or only one.
    func choose(
        id: String, name: String, for kind: ObjectKind, field: String
    ) throws(DomainError) -> Relation {
        let offered = configuration.relations(in: projectID)
        guard offered.contains(where: \.isEnabled) else {
            throw .precondition(
                .noRelationConfigured, subject: projectID.rawValue,
                "Project '\(projectID)' has no enabled relation. An admin must create or enable one "
                    + "(AdminService.CreateRelation, EnableRelation) before issues can be linked.")
        }
        let relation: Relation
        if !id.isEmpty {
            relation = try byID(id, offered: offered)
        } else if !name.isEmpty {
            relation = try byName(name, offered: offered, field: field)
        } else {
            relation = try byDefault(offered, field: field)
        }
        return try usable(relation, for: kind)
    }

    /// Refuses a disabled relation, or one that does not start from this kind of object.
    func usable(_ relation: Relation, for kind: ObjectKind) throws(DomainError) -> Relation {
        guard relation.isEnabled else {
            throw .precondition(
                .relationDisabled, subject: relation.id.rawValue,
                "Relation '\(relation.name)' is disabled. An admin must enable it before new links can use it."
            )
        }
        guard relation.allows(kind) else {
            throw .precondition(
                .relationObjectKind, subject: relation.id.rawValue,
                "Relation '\(relation.name)' does not start from a \(kind).")
        }
        return relation
    }

    private func byID(_ text: String, offered: [Relation]) throws(DomainError) -> Relation {
        guard let id = RelationID(text), let relation = configuration.relations[id],
            relation.deletedAt == nil,
            relation.isVisible(to: caller)
        else { throw .notFound(.relationNotFound, type: "Relation", name: text) }
        guard offered.contains(where: { $0.id == id }) else {
            throw .precondition(
                .relationNotAvailable, subject: text,
                "Relation '\(relation.name)' is not available to project '\(projectID)'.")
        }
        return relation
    }

    private func byName(_ name: String, offered: [Relation], field: String) throws(DomainError) -> Relation {
        let wanted = trimmed(name).lowercased()
        let found = offered.filter { $0.name.lowercased() == wanted }
        if found.count > 1 {
            throw .invalid(field + ".relation_name", "names several relations; use relation_id")
        }
        guard let relation = found.first else {
            let names = offered.filter(\.isEnabled).map(\.name).joined(separator: ", ")
            var error = DomainError.notFound(.relationNotFound, type: "Relation", name: name)
            error.metadata = ["available": names]
            throw error
        }
        return relation
    }

    private func byDefault(_ offered: [Relation], field: String) throws(DomainError) -> Relation {
        let marked = offered.first {
            configuration.overlay(.relation($0.id), in: projectID)?.isDefault == true
        }
        if let marked { return marked }
        let enabled = offered.filter(\.isEnabled)
        guard enabled.count == 1 else {
            let names = enabled.map(\.name).joined(separator: ", ")
            throw .invalid(field + ".relation_id", "must name a relation, or relation_name one of: \(names)")
        }
        return enabled[0]
    }
}
