// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

/// A source being created or changed: takes fields from a request, judges the whole, and seals its secrets.
struct SourceEdit: Sendable {
    private(set) var source: IntegrationSource
    /// Secret values to seal, by field name; already gone from everything else.
    private var secrets: [String: Secret] = [:]
    private var methodChanged = false
    /// Stored secrets that do not follow to where requests go now.
    private var leftBehind: [String] = []
    private let scope: CallScope
    private let environment: ServiceEnvironment

    /// Starts a new source.
    init(
        creating id: SourceID, owner: Owner, message: Wire.Source, scope: CallScope,
        environment: ServiceEnvironment
    ) {
        source = IntegrationSource(
            id: id, tenantID: scope.tenantID, owner: owner,
            providerID: ProviderID(rawValue: message.provider),
            displayName: "", baseURL: "", createdAt: scope.now, createdBy: scope.caller.principalID)
        self.scope = scope
        self.environment = environment
    }

    /// Starts from a stored source.
    init(changing source: IntegrationSource, scope: CallScope, environment: ServiceEnvironment) {
        self.source = source
        self.source.updatedAt = scope.now
        self.scope = scope
        self.environment = environment
    }

    /// Takes the named fields over and reports every problem of the result at once.
    mutating func apply(_ message: Wire.Source, paths: Set<SourceField>) throws(DomainError) {
        var violations = [FieldViolation]()
        for field in SourceField.allCases where paths.contains(field) {
            do throws(DomainError) {
                try take(field, from: message)
            } catch {
                violations += error.violations
            }
        }
        violations += SourceValidator(registry: environment.registry, patterns: environment.patterns)
            .violations(of: source).map { $0.inside("source") }
        violations += nameViolations() + authenticationViolations() + templateViolations()
        guard violations.isEmpty else { throw .invalid(violations) }
        for url in addressesCalled where needsNetwork {
            if let refusal = environment.addressGate(url + "/") { throw refusal }
        }
    }

    /// A new address, or a new way in, needs every secret again: else a stored token could be sent to any
    /// host. A secret that the method can do without, such as a grant that no admin ever saw, is forgotten.
    mutating func requireCredentials(since before: IntegrationSource) throws(DomainError) {
        let moved = source.baseURL != before.baseURL || apiBase(of: source) != apiBase(of: before)
        guard moved || methodChanged || steeringSettings(of: source) != steeringSettings(of: before) else {
            return
        }
        // The webhook's secrets are not sent anywhere: they stay, whatever the address is.
        let unsent = before.credentials.map(\.name).filter {
            secrets[$0] == nil && !WebhookSecrets.fields.contains($0)
        }
        leftBehind = unsent.filter { !requiredSecretNames.contains($0) }
        let missing = unsent.filter(requiredSecretNames.contains)
        guard missing.isEmpty else {
            throw .precondition(
                .credentialRequired, subject: source.id.rawValue,
                "A new address or method needs the credential again: set authentication.secrets for "
                    + missing.joined(separator: ", ") + " in the same call.")
        }
    }

    /// Writes the sealed secrets next to the source and reads the source back as stored.
    func storeCredentials(in store: WriteContext) throws -> IntegrationSource {
        if methodChanged {
            let names = source.credentials.map(\.name).filter { !WebhookSecrets.fields.contains($0) }
            try store.sources.removeCredentials(source.id, names: names)
        }
        // What a token endpoint gave out for the old secrets must not outlive them.
        let outlived = leftBehind + (secrets.isEmpty ? [] : [TrackerCredential.accessTokenField])
        if !outlived.isEmpty { try store.sources.removeCredentials(source.id, names: outlived) }
        let sealed = try secrets.sorted { $0.key < $1.key }.map { name, secret in
            SealedCredential(
                name: name,
                sealed: try environment.sealer.seal(
                    secret, binding: SealBinding(tenantID: source.tenantID, source: source.id, field: name)),
                setAt: scope.now, setBy: scope.caller.principalID, expiresAt: nil)
        }
        if !sealed.isEmpty { try store.sources.setCredentials(source.id, sealed) }
        guard let stored = try store.sources.get(source.id) else {
            throw DomainError.notFound(.sourceNotFound, type: "Source", name: source.id.rawValue)
        }
        return stored
    }

    /// The credential as a draft's connection test uses it: its own secrets, never stored ones.
    var draftCredential: TrackerCredential {
        var fields = source.authenticationSettings
        for (name, secret) in secrets { fields[name] = secret.reveal { $0 } }
        return TrackerCredential(fields)
    }

    private var needsNetwork: Bool {
        environment.registry[source.providerID].map { !$0.description.capabilities.isEmpty } ?? true
    }

    /// Where requests of this source go: the egress policy is asked before the source is saved.
    private var addressesCalled: Set<String> {
        let token = source.authenticationSettings.filter { steeringFieldNames.contains($0.key) }.values
            .filter { $0.hasPrefix("http") }
        return Set([source.baseURL, apiBase(of: source)] + token).subtracting([""])
    }

    private func apiBase(of source: IntegrationSource) -> String {
        environment.registry[source.providerID]?.apiBase(of: source) ?? source.apiBaseURL
    }

    /// Settings that say where a secret is sent.
    private func steeringSettings(of source: IntegrationSource) -> [String: String] {
        source.authenticationSettings.filter { steeringFieldNames.contains($0.key) && !$0.value.isEmpty }
    }

    private var steeringFieldNames: Set<String> {
        Set((method?.fields ?? []).filter(\.steersSecrets).map(\.name))
    }

    private var method: AuthenticationMethod? {
        environment.registry[source.providerID]?.description.authenticationMethods
            .first { $0.id == source.authenticationMethod }
    }

    private var requiredSecretNames: Set<String> {
        Set((method?.fields ?? []).filter { $0.isSecret && $0.isRequired }.map(\.name))
    }
}

extension SourceEdit {
    private mutating func take(_ field: SourceField, from message: Wire.Source) throws(DomainError) {
        switch field {
        case .displayName: source.displayName = trimmed(message.displayName)
        case .baseURL: source.baseURL = withoutTrailingSlash(message.baseURL)
        case .apiBaseURL: source.apiBaseURL = withoutTrailingSlash(message.apiBaseURL)
        case .authentication: try takeAuthentication(message.authentication ?? Authentication())
        case .disabledCapabilities:
            source.switchedOff = Set(
                try Capability.all(message.disabledCapabilities, field: "source.disabled_capabilities"))
        case .issueURLTemplate: source.issueURLTemplate = message.issueURLTemplate
        case .createURLTemplate: source.createURLTemplate = message.createURLTemplate
        case .keyPattern: source.keyPattern = message.keyPattern
        case .defaultExternalProject: source.defaultExternalProject = trimmed(message.defaultExternalProject)
        case .allowedExternalProjects:
            source.allowedExternalProjects = message.allowedExternalProjects.map(trimmed)
        case .statusMap: source.statusMap = try statusMap(message.statusMap)
        case .testObjectURLTemplate: source.testObjectURLTemplate = trimmed(message.testObjectURLTemplate)
        case .backLinkComments: source.allowsBackLinkComments = message.backLinkComments
        case .issueTitleTemplate: source.issueTitleTemplate = message.issueTitleTemplate
        case .issueDescriptionTemplate: source.issueDescriptionTemplate = message.issueDescriptionTemplate
        case .availability:
            source.availability = try Availability(message.availability, field: "source.availability")
        }
    }

    private mutating func takeAuthentication(_ message: Authentication) throws(DomainError) {
        let field = "source.authentication"
        guard message.settings.count <= ServiceLimits.authenticationFieldsMax,
            message.secrets.count <= ServiceLimits.authenticationFieldsMax
        else { throw .invalid(field, "must hold at most \(ServiceLimits.authenticationFieldsMax) fields") }
        let method = AuthenticationMethodID(rawValue: message.method.isEmpty ? "none" : message.method)
        methodChanged = method != source.authenticationMethod
        source.authenticationMethod = method
        source.authenticationSettings = message.settings
        secrets = message.secrets.filter { !$0.value.isEmpty }.mapValues { Secret($0) }
    }

    private func nameViolations() -> [FieldViolation] {
        let limit = DomainLimits.nameScalarsMax
        let name = source.displayName
        guard !(1...limit).contains(name.unicodeScalars.count) || name.hasControlCharacters else { return [] }
        return [
            FieldViolation(
                "source.display_name", "must be 1 to \(limit) characters without control characters")
        ]
    }

    private func templateViolations() -> [FieldViolation] {
        var violations = [FieldViolation]()
        func check(_ field: String, _ text: String, _ parse: (String) throws(TemplateFault) -> Void) {
            guard !text.isEmpty else { return }
            do throws(TemplateFault) { try parse(text) } catch {
                violations.append(FieldViolation("source." + field, error.description))
            }
        }
        check("test_object_url_template", source.testObjectURLTemplate) { (text) throws(TemplateFault) in
            _ = try TestObjectURLTemplate(text)
        }
        let texts = [
            ("issue_title_template", source.issueTitleTemplate),
            ("issue_description_template", source.issueDescriptionTemplate),
        ]
        for (field, text) in texts {
            check(field, text) { (text) throws(TemplateFault) in _ = try TextTemplate(text) }
        }
        return violations
    }

    private func authenticationViolations() -> [FieldViolation] {
        // An unknown provider or method is named by the source's validator.
        guard let method else { return [] }
        let stored = methodChanged ? [] : Set(source.credentials.map(\.name))
        var violations = [FieldViolation]()
        for field in method.fields where field.isRequired {
            let isGiven =
                field.isSecret
                ? secrets[field.name] != nil || stored.contains(field.name)
                : source.authenticationSettings[field.name]?.isEmpty == false
            if !isGiven {
                let place = field.isSecret ? "secrets" : "settings"
                violations.append(
                    FieldViolation(
                        "source.authentication.\(place)[\(field.name)]", "is required. \(field.help)"))
            }
        }
        violations += unknownFields(
            secrets.keys, "secrets", known: method.fields.filter(\.isSecret),
            lengths: secrets.mapValues(\.byteCount),
            bytesMax: ServiceLimits.secretBytesMax)
        violations += unknownFields(
            source.authenticationSettings.keys, "settings", known: method.fields.filter { !$0.isSecret },
            lengths: source.authenticationSettings.mapValues(\.utf8.count),
            bytesMax: ServiceLimits.settingBytesMax)
        return violations + addressViolations(of: method)
    }

    /// Where secrets are sent must be an address, as the base URL is.
    private func addressViolations(of method: AuthenticationMethod) -> [FieldViolation] {
        method.fields.filter { $0.steersSecrets && $0.name.hasSuffix(Self.addressSuffix) }.compactMap {
            field in
            guard let text = source.authenticationSettings[field.name], !text.isEmpty else { return nil }
            do throws(TemplateFault) {
                _ = try WebURL(text)
                return nil
            } catch {
                return FieldViolation(
                    "source.authentication.settings[\(field.name)]", error.description)
            }
        }
    }

    private static let addressSuffix = "_url"

    private func unknownFields(
        _ names: some Sequence<String>, _ place: String, known: [AuthenticationField], lengths: [String: Int],
        bytesMax: Int
    ) -> [FieldViolation] {
        names.sorted().compactMap { name in
            let field = "source.authentication.\(place)[\(name)]"
            guard known.contains(where: { $0.name == name }) else {
                return FieldViolation(field, "is no such field of method '\(source.authenticationMethod)'")
            }
            guard lengths[name, default: 0] <= bytesMax else {
                return FieldViolation(field, "must be at most \(bytesMax) bytes")
            }
            return nil
        }
    }

    private func statusMap(_ messages: [Wire.StatusMapping]) throws(DomainError) -> [StatusMapping] {
        guard messages.count <= DomainLimits.statusMappingsMax else {
            throw .invalid("source.status_map", "must hold at most \(DomainLimits.statusMappingsMax) entries")
        }
        var map = [StatusMapping]()
        for (index, message) in messages.enumerated() {
            let field = "source.status_map[\(index)]"
            guard (1...DomainLimits.shortTextScalarsMax).contains(message.status.unicodeScalars.count) else {
                throw .invalid(
                    field + ".status", "must be 1 to \(DomainLimits.shortTextScalarsMax) characters")
            }
            guard let category = StatusCategory(message.category), category != .unknown else {
                throw .invalid(field + ".category", "must be TODO, IN_PROGRESS, DONE or CANCELED")
            }
            map.append(StatusMapping(status: message.status, type: message.issueType, category: category))
        }
        return map
    }

    private func withoutTrailingSlash(_ url: String) -> String {
        var text = trimmed(url)[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}

/// Cuts blanks that people paste along.
func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
