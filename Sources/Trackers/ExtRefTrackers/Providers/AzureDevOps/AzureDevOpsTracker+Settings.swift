// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker {
    private static let servicesHost = "dev.azure.com"
    private static let formerServicesHostSuffix = ".visualstudio.com"
    /// What a server's collections lie below unless its admin chose another name.
    private static let serverFolder = "tfs"
    private static let nameScalarsMax = 255

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        var violations = [FieldViolation]()
        if let fault = Self.addressFault(source.baseURL) {
            violations.append(FieldViolation("base_url", fault))
        }
        for (index, project) in source.allowedExternalProjects.enumerated() {
            guard let fault = Self.projectFault(project) else { continue }
            violations.append(FieldViolation("allowed_external_projects[\(index)]", fault))
        }
        let project = source.defaultExternalProject
        if !project.isEmpty, let fault = Self.projectFault(project) {
            violations.append(FieldViolation("default_external_project", fault))
        }
        if let fault = Self.directoryFault(source) {
            violations.append(
                FieldViolation("authentication.settings[\(AzureDevOpsEntra.tenantField)]", fault))
        }
        return violations
    }

    /// Whether a text can be a project's name: what an answer names is put into paths and queries.
    static func isProjectName(_ name: String) -> Bool { isName(name) && !name.hasPrefix("_") }

    /// Whether a text can be the name of a work item type.
    static func isTypeName(_ name: String) -> Bool { isName(name) }

    /// A name that is one segment of a path, whatever its encoding does not disarm.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.unicodeScalars.count <= nameScalarsMax
            && name.unicodeScalars.allSatisfy {
                $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control
            }
    }

    /// What is wrong with the address of an organisation or collection; nil when that is for others to say.
    private static func addressFault(_ text: String) -> String? {
        guard let url = try? PastedURL(text) else { return nil }
        if let page = url.segments.first(where: { $0.hasPrefix("_") }) {
            return "must end with the organisation or collection; leave out what begins at /\(page)"
        }
        if url.host == servicesHost {
            return url.segments.count == 1
                ? nil
                : "must be https://\(servicesHost)/ORGANISATION, with the organisation and without a project"
        }
        if url.host.hasSuffix(formerServicesHostSuffix) {
            return url.segments.isEmpty || url.segments == ["DefaultCollection"]
                ? nil : "must be https://ORGANISATION\(formerServicesHostSuffix), without a project"
        }
        return url.segments.isEmpty || url.segments == [serverFolder]
            ? "must name the project collection, as in https://devops.example.com/\(serverFolder)/Collection"
            : nil
    }

    private static func projectFault(_ name: String) -> String? {
        guard isProjectName(name) else {
            return "must be a project's name as Azure DevOps shows it, without the organisation"
        }
        return isGUID(name) ? "must be the project's name; work items show no project id" : nil
    }

    /// A directory is named by its id or by one of its domains.
    private static func directoryFault(_ source: IntegrationSource) -> String? {
        guard source.authenticationMethod == .clientCredentials,
            let tenant = source.authenticationSettings[AzureDevOpsEntra.tenantField], !tenant.isEmpty,
            !AzureDevOpsEntra.isTenant(tenant)
        else { return nil }
        return "must be the directory (tenant) id, or a domain of the directory such as example.com"
    }

    private static func isGUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}
