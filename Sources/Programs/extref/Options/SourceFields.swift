// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// The fields of a source that a person can write. Only what is given is taken over.
struct SourceFields: ParsableArguments {
    @Option(help: ArgumentHelp("Name that tells sources apart.", valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("Base URL, where people open issues.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("Base URL of the API, if it differs.", valueName: "url"))
    var apiURL: String?

    @Option(
        help: ArgumentHelp(
            "Authentication method; 'extref sources providers' lists them.", valueName: "method"))
    var auth: String?

    @Option(help: ArgumentHelp("Setting of the authentication method; repeatable.", valueName: "name=value"))
    var setting: [PairArgument] = []

    @Option(
        help: ArgumentHelp(
            "Secret: name=@FILE, name=- (standard input) or name=env:VARIABLE; repeatable.",
            valueName: "name=origin"))
    var secret: [SecretArgument] = []

    @Option(help: ArgumentHelp("Capability to switch off; repeatable.", valueName: "capability"))
    var disableCapability: [EnumArgument<Capability>] = []

    @Option(help: ArgumentHelp("Knows {baseUrl} and {key}.", valueName: "template"))
    var issueURLTemplate: String?

    @Option(help: ArgumentHelp("Knows {baseUrl}.", valueName: "template"))
    var createURLTemplate: String?

    @Option(help: ArgumentHelp("Regular expression that a whole key must match.", valueName: "pattern"))
    var keyPattern: String?

    @Option(help: ArgumentHelp("External project assumed for a bare key.", valueName: "project"))
    var defaultExternalProject: String?

    @Option(
        help: ArgumentHelp(
            "External project that may be linked; repeatable. None = all.", valueName: "project"))
    var externalProject: [String] = []

    @Option(help: ArgumentHelp("Category of a status name; repeatable.", valueName: "status=category"))
    var status: [PairArgument] = []

    @Option(
        help: ArgumentHelp(
            "Where the host shows a test object; knows {project}, {kind}, {id}. Issues link back to it.",
            valueName: "template"))
    var testObjectURL: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Lets back-links be comments where the tracker has no link objects; comments notify people.")
    var backLinkComments: Bool?

    @Option(
        help: ArgumentHelp("Title of a new issue; knows {id}, {url}, --about names.", valueName: "template"))
    var issueTitle: String?

    @Option(help: ArgumentHelp("Description of a new issue; knows the same.", valueName: "template"))
    var issueDescription: String?

    @Option(help: ArgumentHelp("Project that may use it, or '*' for all; repeatable.", valueName: "project"))
    var availableTo: [String] = []

    func validate() throws {
        for mapping in status where EnumArgument<StatusCategory>(argument: mapping.value) == nil {
            let known = EnumArgument<StatusCategory>.allValueStrings.joined(separator: ", ")
            throw ValidationError(
                "--status \(mapping.name)=\(mapping.value): the category must be one of \(known).")
        }
    }

    /// Puts what was given into a source and names the fields it touched, as an update mask does.
    func apply(to source: inout Source, secrets: [String: String]) -> [String] {
        var mask: [String] = []
        func take<Value>(_ value: Value?, _ path: String, _ field: WritableKeyPath<Source, Value>) {
            guard let value else { return }
            source[keyPath: field] = value
            mask.append(path)
        }
        take(name, "display_name", \.displayName)
        take(url, "base_url", \.baseURL)
        take(apiURL, "api_base_url", \.apiBaseURL)
        take(authentication(over: source.authentication, secrets), "authentication", \.authentication)
        take(given(disableCapability.map(\.value)), "disabled_capabilities", \.disabledCapabilities)
        take(issueURLTemplate, "issue_url_template", \.issueURLTemplate)
        take(createURLTemplate, "create_url_template", \.createURLTemplate)
        take(keyPattern, "key_pattern", \.keyPattern)
        take(defaultExternalProject, "default_external_project", \.defaultExternalProject)
        take(given(externalProject), "allowed_external_projects", \.allowedExternalProjects)
        take(given(statusMap), "status_map", \.statusMap)
        take(testObjectURL, "test_object_url_template", \.testObjectURLTemplate)
        take(backLinkComments, "back_link_comments", \.backLinkComments)
        take(issueTitle, "issue_title_template", \.issueTitleTemplate)
        take(issueDescription, "issue_description_template", \.issueDescriptionTemplate)
        take(Availability(arguments: availableTo).map(Optional.some), "availability", \.availability)
        return mask
    }

    private var statusMap: [StatusMapping] {
        status.map { pair in
            StatusMapping(
                status: pair.name,
                category: EnumArgument<StatusCategory>(argument: pair.value)?.value ?? .unspecified)
        }
    }

    /// What was given, laid over what the source has: a new secret leaves method and settings as they are.
    private func authentication(over known: Authentication?, _ secrets: [String: String]) -> Authentication??
    {
        guard auth != nil || !setting.isEmpty || !secrets.isEmpty else { return nil }
        var authentication = Authentication(method: auth ?? known?.method ?? "", secrets: secrets)
        authentication.settings = known?.settings ?? [:]
        for pair in setting { authentication.settings[pair.name] = pair.value }
        return authentication
    }

    private func given<Item>(_ items: [Item]) -> [Item]? { items.isEmpty ? nil : items }
}
