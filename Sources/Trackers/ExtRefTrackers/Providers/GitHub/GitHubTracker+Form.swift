// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitHubTracker {
    /// How long a repository's labels and people are offered before they are read again.
    private static let formReuse = Duration.seconds(300)
    /// Pages of labels, and of people, that a form offers. A longer list is not offered at all: half of it
    /// would refuse what is right.
    private static let choicePagesMax = 3

    /// What a form is made of.
    private struct Material: Sendable {
        let repository: GitHubRepository
        var isOrganization = false
        /// GitHub drops labels, assignees and type, without a word, from people who may only read.
        var mayDecorate = true
        var labels: [IssueFormChoice]?
        var people: [IssueFormChoice]?
    }

    /// Three or four questions, kept for ``formReuse``: the repository, its labels, whom issues can be given
    /// to, and the organisation's issue types.
    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        try material(for: try repository(named: project), source)
            .then { (material) throws(TrackerError) in try withLabels(material, source) }
            .then { (material) throws(TrackerError) in try withPeople(material, source) }
            .then { (material) throws(TrackerError) in
                try types(of: material, source).map { types in form(of: material, types: types, source) }
            }
    }

    private func form(of material: Material, types: [IssueFormChoice], _ source: TrackerSource) -> IssueForm {
        var fields = [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description (Markdown)", kind: .multiline),
        ]
        if material.mayDecorate {
            fields.append(Self.field("labels", "Labels", material.labels))
            fields.append(Self.field("assignees", "Assignees (logins)", material.people))
        }
        let base = source.source.baseURL.withoutTrailingSlashes
        return IssueForm(
            types: types, fields: fields, createURL: "\(base)/\(material.repository.text)/issues/new")
    }

    /// Without choices anything may be sent, and GitHub judges it.
    private static func field(
        _ name: String, _ label: String, _ choices: [IssueFormChoice]?
    ) -> IssueFormField {
        IssueFormField(
            name: name, label: choices == nil ? label + ", separated by commas" : label,
            kind: choices == nil ? .text : .multiChoice, choices: choices ?? [])
    }

    private func material(
        for repository: GitHubRepository, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Material> {
        var request = try get(repository.path(), from: source)
        request.followsMoves = true
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(GitHubWire.Repository.self, from: response)
            guard let repository = GitHubRepository(answer.fullName) else {
                throw TrackerError(.badResponse, "GitHub's answer holds no repository that could be named.")
            }
            try Self.requireOpen(answer)
            var material = Material(repository: repository)
            material.isOrganization = answer.owner.value?.type.value == "Organization"
            // An app's rights are its own, and are not in this object.
            if source.source.authenticationMethod == .accessToken, let rights = answer.permissions.value {
                material.mayDecorate = rights.maySort
            }
            return material
        }
    }

    /// Refuses repositories in which nobody can create an issue.
    private static func requireOpen(_ repository: GitHubWire.Repository) throws(TrackerError) {
        if repository.archived.value == true {
            throw TrackerError(.invalidRequest, "The repository is archived; nothing can be created there.")
        }
        if repository.hasIssues.value == false {
            throw TrackerError(.invalidRequest, "Issues are switched off in this repository.")
        }
    }

    private func withLabels(
        _ material: Material, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Material> {
        guard material.mayDecorate else { return .done(material) }
        let request = try choices(material.repository.path("labels"), source)
        return try list(request, pagesMax: Self.choicePagesMax).map { (found: GitHubRows<GitHubWire.Named>) in
            var material = material
            // Values of a multi-choice are separated by commas; a label with one cannot be sent.
            material.labels =
                found.isWhole
                ? Self.choices(found.rows.map(\.name).filter { !$0.contains(",") }) : nil
            return material
        }
    }

    private func withPeople(
        _ material: Material, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Material> {
        guard material.mayDecorate else { return .done(material) }
        let request = try choices(material.repository.path("assignees"), source)
        return try list(request, pagesMax: Self.choicePagesMax).map {
            (found: GitHubRows<GitHubWire.Person>) in
            var material = material
            material.people = found.isWhole ? Self.choices(found.rows.map(\.login)) : nil
            return material
        }
    }

    /// Only organisations have issue types, and older servers do not know them.
    private func types(
        of material: Material, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueFormChoice]> {
        guard material.mayDecorate, material.isOrganization else { return .done([]) }
        var request = try get(["orgs", material.repository.owner, "issue-types"], from: source)
        request.acceptedStatuses = [403, 404]
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            guard response.status < 400 else { return [] }
            let types = try TrackerJSON.decode([Lenient<IssueType>].self, from: response).compactMap(\.value)
            return Self.choices(types.filter { $0.isEnabled.value != false }.map(\.name))
        }
    }

    private struct IssueType: Decodable {
        let name: String
        let isEnabled: Lenient<Bool>

        enum CodingKeys: String, CodingKey {
            case name
            case isEnabled = "is_enabled"
        }
    }

    private func choices(_ path: [String], _ source: TrackerSource) throws(TrackerError) -> TrackerRequest {
        var request = try get(
            path, query: [(name: "per_page", value: String(Self.pageRowsMax))], from: source)
        request.reusableFor = Self.formReuse
        return request
    }

    /// Names to choose from. One that cannot be shown as it is would be sent as another than was read.
    private static func choices(_ names: [String]) -> [IssueFormChoice] {
        names.filter { !$0.isEmpty && TrackerText.short($0) == $0 }.map { IssueFormChoice(id: $0, label: $0) }
    }
}

extension GitHubWire.Repository.Permissions {
    /// Whether the account may label, assign and type issues.
    var maySort: Bool { [admin, maintain, push, triage].contains { $0.value == true } }
}
