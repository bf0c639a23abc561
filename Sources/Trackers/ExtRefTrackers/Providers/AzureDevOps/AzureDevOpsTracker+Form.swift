// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker {
    private static let bugCategory = "Microsoft.BugCategory"
    /// Types that only tools create.
    private static let hiddenCategory = "Microsoft.HiddenCategory"
    private static let typesMax = 100

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        try types(of: project, in: source).then { (types) throws(TrackerError) in
            guard let chosen = type.isEmpty ? types.first : types.first(where: { $0 == type }) else {
                throw TrackerError(
                    .invalidRequest, "The project has no such type of work items for people to create.")
            }
            return try fields(of: chosen, project: project, in: source).map { fields in
                IssueForm(
                    types: types.map { IssueFormChoice(id: $0, label: TrackerText.short($0)) },
                    fields: fields.formFields,
                    createURL: Self.createURL(project: project, type: chosen, in: source.source))
            }
        }
    }

    /// The page on which a person creates a work item.
    private static func createURL(project: String, type: String, in source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes
            + "/\(PercentCoding.encode(project))/_workitems/create/\(PercentCoding.encode(type))"
    }

    /// The types people create in a project, that of bugs first: it is what a test run needs most.
    func types(of project: String, in source: TrackerSource) throws(TrackerError) -> TrackerCall<[String]> {
        guard !project.isEmpty else {
            throw TrackerError(.invalidRequest, "Azure DevOps needs a project for a new work item.")
        }
        var request = try get(["wit", "workitemtypes"], project: project, in: source)
        request.reusableFor = Self.listsReuse
        let categories = try categories(of: project, in: source)
        return .send(request) { (response) throws(TrackerError) in
            let types = try TrackerJSON.decode(
                AzureDevOpsWire.List<AzureDevOpsWire.ItemType>.self, from: response
            )
            .elements
            .filter { $0.isDisabled.value != true && Self.isTypeName($0.name) }
            .map(\.name)
            return try categories.map { Self.sorted(types, by: $0) }
        }
    }

    private static func sorted(_ types: [String], by categories: [AzureDevOpsWire.TypeCategory]) -> [String] {
        let hidden = Set(categories.first { $0.referenceName == hiddenCategory }?.members ?? [])
        let bug = categories.first { $0.referenceName == bugCategory }?.defaultWorkItemType.value?.name
        let shown = types.filter { !hidden.contains($0) }
        return Array((shown.filter { $0 == bug } + shown.filter { $0 != bug }).prefix(typesMax))
    }

    /// Without categories every type is shown; the form works all the same.
    private func categories(
        of project: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[AzureDevOpsWire.TypeCategory]> {
        var request = try get(["wit", "workitemtypecategories"], project: project, in: source)
        request.acceptedStatuses = [400, 403, 404]
        request.reusableFor = Self.listsReuse
        return .send(request) { (response) throws(TrackerError) in
            guard response.status == 200 else { return [] }
            return try TrackerJSON.decode(
                AzureDevOpsWire.List<AzureDevOpsWire.TypeCategory>.self, from: response
            ).elements
        }
    }

    /// The fields of a type, with the values each may take.
    func fields(
        of type: String, project: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<AzureDevOpsTypeFields> {
        guard Self.isTypeName(type) else {
            throw TrackerError(.invalidRequest, "This is no name of a work item type.")
        }
        var request = try get(
            ["wit", "workitemtypes", type, "fields"], project: project, query: [("$expand", "allowedValues")],
            in: source)
        request.reusableFor = Self.listsReuse
        return .send(request) { (response) throws(TrackerError) in
            let fields = try TrackerJSON.decode(
                AzureDevOpsWire.List<AzureDevOpsWire.TypeField>.self, from: response
            ).elements
            return AzureDevOpsTypeFields(type: type, fields: fields)
        }
    }
}
