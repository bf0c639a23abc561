// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
public import RPC

extension LinkService {
    /// Tells what a new issue takes, and which open ones fit already. A tracker that cannot be asked leaves
    /// the address where a person can create it by hand.
    public func getIssueForm(
        _ request: GetIssueFormRequest, context: CallContext
    ) async throws -> GetIssueFormResponse {
        let scope = try await begin(context)
        let projectID = try project(request.projectID, needing: .link, scope: scope)
        let violations =
            IssueDraftReader.objectFieldViolations(request.objectFields)
            + DraftResolver.fingerprintViolations(request.fingerprint, field: "fingerprint")
        guard violations.isEmpty else { throw DomainError.invalid(violations) }
        let object = try request.object.map { try TestObject($0, field: "object") }
        let (reader, source, tracked) = try await environment.store.read(scope.tenantID) { store in
            let choice = SourceChoice(
                configuration: try environment.configurations.snapshot(store), projectID: projectID,
                registry: environment.registry)
            let source = try choice.find(request.sourceID)
            return (
                IssueDraftReader(choice: choice, caller: scope.caller), source,
                try environment.trackerSource(source, in: store)
            )
        }
        let external = try reader.choice.externalProject(request.externalProject, of: source)
        var response = GetIssueFormResponse()
        response.reusableIssues = try await reusable(
            object, fingerprint: request.fingerprint, in: projectID, scope: scope
        ).map { Issue($0, now: scope.now) }
        response.createURL = Self.createURL(of: source, registry: environment.registry)
        do {
            try reader.choice.require(.create, of: source)
            let form = try await environment.trackers.issueForm(
                project: external, type: request.issueType, in: tracked,
                budget: scope.budget(ServiceLimits.formBudget))
            let filled = reader.filled([:], with: request.objectFields, of: object, source: source)
            response.take(form, defaults: filled)
        } catch {
            guard let verdict = DomainError(causedBy: error), !response.createURL.isEmpty else { throw error }
            response.error = ItemError(verdict)
        }
        return response
    }

    /// Open issues that are a defect of the object already, or of the same failure, and can be linked.
    func reusable(
        _ object: TestObject?, fingerprint: String, in projectID: ProjectID, scope: CallScope
    ) async throws -> [ExternalIssue] {
        guard object != nil || !fingerprint.isEmpty else { return [] }
        return try await environment.store.read(scope.tenantID) { store in
            let sources = try environment.configurations.snapshot(store).sources(in: projectID)
            let usable = Set(sources.filter(\.isEnabled).map(\.id))
            return try store.links.reusableIssues(
                in: projectID, object: object, fingerprint: fingerprint,
                limit: DomainLimits.reusableIssuesMax
            ).filter { usable.contains($0.sourceID) }
        }
    }

    private static func createURL(of source: IntegrationSource, registry: TrackerRegistry) -> String {
        let provider = registry[source.providerID]?.description.createURLTemplate ?? ""
        let text = source.createURLTemplate.isEmpty ? provider : source.createURLTemplate
        guard !text.isEmpty, let template = try? URLTemplate(text, requiresKey: false) else { return "" }
        return template.expand(baseURL: source.baseURL, key: "")
    }
}

extension GetIssueFormResponse {
    fileprivate mutating func take(_ form: IssueForm, defaults: [String: String]) {
        issueTypes = form.types.map { FormValue(id: $0.id, label: $0.label) }
        if !form.createURL.isEmpty { createURL = form.createURL }
        fields = form.fields.map { field in
            FormField(
                name: field.name, label: field.label, type: field.kind.message, required: field.isRequired,
                allowedValues: field.choices.map { FormValue(id: $0.id, label: $0.label) },
                defaultValue: defaults[field.name] ?? field.defaultValue)
        }
    }
}

extension IssueFormField.Kind {
    fileprivate var message: FormFieldType {
        switch self {
        case .text: .text
        case .multiline: .multiline
        case .choice: .choice
        case .multiChoice: .multiChoice
        case .number: .number
        case .date: .date
        case .person: .person
        case .boolean: .boolean
        }
    }
}
