// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore

/// One page of relations in list order, cut from the snapshot: there are few, and their order is not their
/// key.
struct RelationPage {
    let relations: [Relation]
    /// The last relation's id, when more follow.
    let next: String?

    init(configuration: ConfigurationSnapshot, project: ProjectID?, showsAll: Bool, page: PageRequest) {
        let living = configuration.relations.values.filter { $0.deletedAt == nil }
        let wanted = living.filter { relation in
            guard let project else { return showsAll || relation.isEnabled }
            let isHidden = configuration.overlay(.relation(relation.id), in: project)?.isHidden == true
            return relation.isUsable(in: project) && (showsAll || (relation.isEnabled && !isHidden))
        }
        let ordered = wanted.sorted { ($0.sortOrder, $0.name, $0.id) < ($1.sortOrder, $1.name, $1.id) }
        let start =
            page.after.flatMap { after in ordered.firstIndex { $0.id.rawValue == after } }.map { $0 + 1 } ?? 0
        relations = Array(ordered[start...].prefix(page.size))
        next = start + relations.count < ordered.count ? relations.last?.id.rawValue : nil
    }
}
