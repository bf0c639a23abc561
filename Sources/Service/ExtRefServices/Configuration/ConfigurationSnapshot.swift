// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefTrackers
import PatternMatching
import Synchronization

/// A tenant's sources, relations and overlays at one version, deleted ones that links still show included.
///
/// A call reads it once and judges everything by it, so that no call sees half of a change.
final class ConfigurationSnapshot: Sendable {
    let version: Int64
    let sources: [SourceID: IntegrationSource]
    let relations: [RelationID: Relation]
    private let overlays: [OverlayKey: ProjectOverlay]
    private let registry: TrackerRegistry
    private let patterns: PatternCache
    private let recognisers = Mutex<[ProjectID: URLRecogniser]>([:])

    private struct OverlayKey: Hashable {
        let projectID: ProjectID
        let target: ProjectOverlay.Target
    }

    init(
        version: Int64, sources: [IntegrationSource], relations: [Relation], overlays: [ProjectOverlay],
        registry: TrackerRegistry, patterns: PatternCache
    ) {
        self.version = version
        self.sources = Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) })
        self.relations = Dictionary(uniqueKeysWithValues: relations.map { ($0.id, $0) })
        self.overlays = Dictionary(
            uniqueKeysWithValues: overlays.map {
                (OverlayKey(projectID: $0.projectID, target: $0.target), $0)
            })
        self.registry = registry
        self.patterns = patterns
    }

    /// What the project changes for itself on a source or relation.
    func overlay(_ target: ProjectOverlay.Target, in projectID: ProjectID) -> ProjectOverlay? {
        overlays[OverlayKey(projectID: projectID, target: target)]
    }

    /// Living sources of the project that are not hidden there, disabled ones included, oldest first.
    func sources(in projectID: ProjectID) -> [IntegrationSource] {
        sources.values
            .filter {
                $0.deletedAt == nil && $0.isUsable(in: projectID) && !isHidden(.source($0.id), in: projectID)
            }
            .sorted { $0.id < $1.id }
    }

    /// Living relations of the project that are not hidden there, disabled ones included, in list order.
    func relations(in projectID: ProjectID) -> [Relation] {
        relations.values
            .filter {
                $0.deletedAt == nil && $0.isUsable(in: projectID)
                    && !isHidden(.relation($0.id), in: projectID)
            }
            .sorted { ($0.sortOrder, $0.name, $0.id) < ($1.sortOrder, $1.name, $1.id) }
    }

    /// Recognises URLs and keys among the project's sources, disabled ones included: those are refused by
    /// name later.
    func recogniser(for projectID: ProjectID) -> URLRecogniser {
        if let known = recognisers.withLock({ $0[projectID] }) { return known }
        // A key typed without its project means the project's own default, where there is one.
        let sources = sources(in: projectID).map { source in
            var source = source
            let own = overlay(.source(source.id), in: projectID)?.defaultExternalProject ?? ""
            if !own.isEmpty { source.defaultExternalProject = own }
            return source
        }
        let made = URLRecogniser(sources, registry: registry, patterns: patterns)
        recognisers.withLock { $0[projectID] = made }
        return made
    }

    private func isHidden(_ target: ProjectOverlay.Target, in projectID: ProjectID) -> Bool {
        overlay(target, in: projectID)?.isHidden == true
    }
}
