// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// A work item type of one project: what states mean is said for it alone.
struct AzureDevOpsType: Hashable, Sendable {
    /// The project's name.
    let project: String
    /// The type's own name, such as `User Story`.
    let name: String

    /// The same for every spelling: Azure DevOps compares names without case.
    var folded: String { "\(project)/\(name)".lowercased() }
}

/// What states mean, as far as it was asked.
struct AzureDevOpsStates: Sendable {
    /// By folded type, then by state in lower case.
    private var categories: [String: [String: StatusCategory]] = [:]

    /// Azure DevOps' own five categories. `Resolved` is work that waits for its verification, so it is not
    /// done; an admin's status map may say otherwise.
    private static let meanings: [String: StatusCategory] = [
        "proposed": .todo, "inprogress": .inProgress, "resolved": .inProgress, "completed": .done,
        "removed": .canceled,
    ]

    /// Takes in what an answer says of one type.
    mutating func learn(_ states: [AzureDevOpsWire.State], of type: AzureDevOpsType) {
        let meant = states.map { state in
            (
                state.name.lowercased(),
                Self.meanings[(state.category.value?.text ?? "").lowercased()] ?? .unknown
            )
        }
        categories[type.folded] = Dictionary(meant) { first, _ in first }
    }

    /// Unknown when nobody said: a state is never guessed to be closed.
    func category(of item: AzureDevOpsWire.Item) -> StatusCategory {
        guard let type = item.workItemType else { return .unknown }
        return categories[type.folded]?[item.fields.state.lowercased()] ?? .unknown
    }
}

extension AzureDevOpsWire.Item {
    /// The name of its project, when it can be one.
    var project: String? { fields.project.value.flatMap { AzureDevOpsTracker.isProjectName($0) ? $0 : nil } }

    /// Nil when the answer names none that could be asked about.
    var workItemType: AzureDevOpsType? {
        guard let project, let name = fields.type.value, AzureDevOpsTracker.isTypeName(name) else {
            return nil
        }
        return AzureDevOpsType(project: project, name: name)
    }
}

extension AzureDevOpsTracker {
    /// Most questions about states in one operation. With the answers used again for an hour they cost
    /// nothing in the long run; the bound keeps one operation within ``TrackerLimits/requestsPerCallMax``.
    static let stateQuestionsMax = 20

    /// The types of items, in order of appearance, at most ``stateQuestionsMax``.
    static func types(of items: [AzureDevOpsWire.Item]) -> [AzureDevOpsType] {
        var seen = Set<AzureDevOpsType>()
        let distinct = items.compactMap(\.workItemType).filter { seen.insert($0).inserted }
        return Array(distinct.prefix(stateQuestionsMax))
    }

    /// Asks what the states of each type mean, one after the other. A type that may not be asked about is
    /// left out; to be told to wait, or to be logged out, ends the operation.
    func states(
        of types: [AzureDevOpsType], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<AzureDevOpsStates> {
        try states(of: types[...], known: AzureDevOpsStates(), in: source)
    }

    private func states(
        of types: ArraySlice<AzureDevOpsType>, known: AzureDevOpsStates, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<AzureDevOpsStates> {
        guard let type = types.first else { return .done(known) }
        var request = try get(
            ["wit", "workitemtypes", type.name, "states"], project: type.project, in: source)
        request.acceptedStatuses = [400, 403, 404]
        request.reusableFor = Self.listsReuse
        return .send(request) { (response) throws(TrackerError) in
            var known = known
            known.learn(try readStates(response), of: type)
            return try states(of: types.dropFirst(), known: known, in: source)
        }
    }

    private func readStates(_ response: TrackerResponse) throws(TrackerError) -> [AzureDevOpsWire.State] {
        guard response.status == 200 else {
            let refusal = refusal(response)
            guard refusal.code != .rateLimited else { throw refusal }
            return []
        }
        return (try? TrackerJSON.decode(AzureDevOpsWire.List<AzureDevOpsWire.State>.self, from: response))?
            .elements ?? []
    }
}
