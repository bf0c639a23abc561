// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

/// What stories only name by number: states, teams and people.
struct ShortcutDirectory: Sendable {
    /// One thing to look up.
    enum Lookup: Sendable, Hashable {
        case workflows, groups
        case member(String)
    }

    /// How long workflows and teams are remembered: a new state or team is known after this time.
    static let structureLife = Duration.seconds(600)
    /// How long names of people are.
    static let memberLife = Duration.seconds(3_600)

    private(set) var workflows: [ShortcutWire.Workflow] = []
    private(set) var groups: [ShortcutWire.Group] = []
    private(set) var people: [String: ExternalPerson] = [:]

    func state(_ id: Int64) -> ShortcutWire.State? {
        workflows.lazy.flatMap { $0.states.value ?? [] }.compactMap(\.value).first { $0.id == id }
    }

    /// The team that is mentioned by a name.
    func group(named name: String) -> ShortcutWire.Group? {
        groups.first { $0.mentionName.lowercased() == name.lowercased() }
    }

    /// What a team is mentioned by; empty when it is unknown.
    func name(ofGroup id: String?) -> String {
        guard let id, let group = groups.first(where: { $0.id == id }) else { return "" }
        return TrackerText.short(group.mentionName)
    }

    fileprivate mutating func learn(
        _ lookup: Lookup, from response: TrackerResponse
    ) throws(TrackerError) {
        switch lookup {
        case .workflows:
            workflows = try TrackerJSON.decode([Lenient<ShortcutWire.Workflow>].self, from: response)
                .compactMap(\.value)
        case .groups:
            groups = try TrackerJSON.decode([Lenient<ShortcutWire.Group>].self, from: response)
                .compactMap(\.value)
        case .member(let id):
            // A member who was removed has no name any more.
            guard response.status != 404 else { return }
            let profile = try TrackerJSON.decode(ShortcutWire.Member.self, from: response).profile
            let names = [profile.name.value, profile.mentionName.value].compactMap(\.self)
            guard let name = names.map(TrackerText.short).first(where: { !$0.isEmpty }) else { return }
            people[id] = ExternalPerson(id: id, displayName: name)
        }
    }
}

extension ShortcutTracker {
    /// Looks things up one after the other; most answers are remembered ones.
    func directory(
        _ lookups: [ShortcutDirectory.Lookup], known: ShortcutDirectory = ShortcutDirectory(),
        of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ShortcutDirectory> {
        guard let lookup = lookups.first else { return .done(known) }
        return .send(try request(for: lookup, of: source)) { (response) throws(TrackerError) in
            var known = known
            try known.learn(lookup, from: response)
            return try directory(Array(lookups.dropFirst()), known: known, of: source)
        }
    }

    /// What has to be looked up to show stories.
    func lookups(for stories: [ShortcutWire.Story], knowsGroups: Bool = false) -> [ShortcutDirectory.Lookup] {
        guard !stories.isEmpty else { return [] }
        var seen = Set<String>()
        let owners = stories.flatMap(\.owners).filter { seen.insert($0).inserted }
        let needsGroups = !knowsGroups && stories.contains { $0.group != nil }
        return [.workflows] + (needsGroups ? [.groups] : [])
            + owners.prefix(ShortcutWire.Story.ownersMax).map { .member($0) }
    }

    private func request(
        for lookup: ShortcutDirectory.Lookup, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request =
            switch lookup {
            case .workflows: try request(.get, ["workflows"], of: source)
            case .groups: try request(.get, ["groups"], of: source)
            case .member(let id): try request(.get, ["members", id], of: source)
            }
        request.reusableFor = ShortcutDirectory.structureLife
        if case .member = lookup {
            request.reusableFor = ShortcutDirectory.memberLife
            request.acceptedStatuses = [404]
        }
        return request
    }
}
