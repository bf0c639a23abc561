// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension BugzillaTracker {
    /// How long lists of components, versions and values are used again.
    private static let formReuse = Duration.seconds(600)
    /// Bugzilla's names of the fields with values, and the ones under which a new bug takes them.
    private static let valueFields = [
        ("priority", "priority"), ("bug_severity", "severity"), ("rep_platform", "platform"),
        ("op_sys", "op_sys"),
    ]
    /// The version of a product that says nothing about versions.
    private static let noVersion = "unspecified"
    /// The platform and system of a bug that is everywhere.
    private static let everywhere = "All"

    public func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm> {
        let product = try Self.product(project)
        let createURL =
            source.source.baseURL.withoutTrailingSlashes + "/enter_bug.cgi?product="
            + PercentCoding.encode(product)
        return try productCall(product, in: source).then { (product) throws(TrackerError) in
            try valuesCall(in: source).map { values in
                IssueForm(fields: Self.fields(of: product, values), createURL: createURL)
            }
        }
    }

    static func product(_ project: String) throws(TrackerError) -> String {
        guard !project.trimmingBlanks().isEmpty else {
            throw TrackerError(
                .invalidRequest, "A new bug needs a product, which is the external project here.")
        }
        return project
    }

    private func productCall(
        _ name: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BugzillaWire.ProductsAnswer.Product> {
        var request = TrackerRequest(
            path: ["product"],
            query: [
                ("names", name),
                ("include_fields", "name,components,versions"),
            ], headers: try headers(for: source))
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(BugzillaWire.ProductsAnswer.self, from: response)
            guard let product = answer.products.entries().first else {
                throw TrackerError(
                    .notFound, "Bugzilla knows no such product, or hides it from this account.")
            }
            return product
        }
    }

    private func valuesCall(
        in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[BugzillaWire.FieldsAnswer.Field]> {
        var request = TrackerRequest(
            path: ["field", "bug"],
            query: Self.valueFields.map { ("names", $0.0) } + [
                ("include_fields", "name,display_name,values")
            ],
            headers: try headers(for: source))
        request.reusableFor = Self.formReuse
        request.acceptedStatuses = [400, 401, 403, 404]
        return .send(request) { (response) throws(TrackerError) in
            guard (200..<300).contains(response.status) else { return [] }
            return try TrackerJSON.decode(BugzillaWire.FieldsAnswer.self, from: response).fields.entries()
        }
    }

    private static func fields(
        of product: BugzillaWire.ProductsAnswer.Product, _ values: [BugzillaWire.FieldsAnswer.Field]
    ) -> [IssueFormField] {
        let components = choices(product.components)
        let versions = choices(product.versions)
        let version = versions.first { $0.id == noVersion } ?? versions.last
        var fields = [
            IssueFormField(name: "title", label: "Summary", kind: .text, isRequired: true),
            IssueFormField(name: "description", label: "Description", kind: .multiline),
            IssueFormField(
                name: "component", label: "Component", kind: .choice, isRequired: true, choices: components,
                defaultValue: components.count == 1 ? components[0].id : ""),
            IssueFormField(
                name: "version", label: "Version", kind: .choice, isRequired: true, choices: versions,
                defaultValue: version?.id ?? ""),
        ]
        for (theirs, ours) in valueFields {
            guard let field = values.first(where: { $0.name == theirs }) else { continue }
            let choices = choices(field.values)
            guard !choices.isEmpty else { continue }
            let label = TrackerText.short(field.displayName.value ?? "")
            fields.append(
                IssueFormField(
                    name: ours, label: label.isEmpty ? ours : label, kind: .choice, choices: choices,
                    defaultValue: choices.contains { $0.id == everywhere } ? everywhere : ""))
        }
        return fields + [IssueFormField(name: "assigned_to", label: "Assignee's login", kind: .person)]
    }

    /// The values that new bugs may have. Names with unusual characters are left out: what is shown has to be
    /// what is sent.
    private static func choices(_ values: Lenient<[Lenient<BugzillaWire.Value>]>) -> [IssueFormChoice] {
        values.entries().compactMap { (value: BugzillaWire.Value) in
            guard value.isActive.value != false, let name = value.name.value, !name.isEmpty,
                TrackerText.short(name) == name
            else { return nil }
            return IssueFormChoice(id: name, label: name)
        }
    }
}
