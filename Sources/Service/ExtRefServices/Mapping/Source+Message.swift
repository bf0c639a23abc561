// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefTrackers
import RPCMessages

extension Wire.Source {
    /// Writes a source for a caller: everything for those who manage it, the redacted view for those who use
    /// it.
    init(
        _ source: IntegrationSource, for caller: Caller, overlay: ProjectOverlay?, registry: TrackerRegistry
    ) {
        self.init()
        id = source.id.rawValue
        provider = source.providerID.rawValue
        displayName = source.displayName
        state = LifecycleState(source)
        createTime = GoogleTimestamp(source.createdAt)
        updateTime = GoogleTimestamp(source.updatedAt)
        etag = ETag.text(source.revision)
        capabilities = Self.capabilities(of: source, registry: registry)
        self.overlay = overlay.map(Wire.ProjectOverlay.init)
        if source.isManageable(by: caller) {
            disclose(source)
        } else {
            redacted = true
            baseURL = Self.origin(of: source.baseURL)
        }
    }

    private mutating func disclose(_ source: IntegrationSource) {
        owner = Wire.Owner(source.owner)
        baseURL = source.baseURL
        apiBaseURL = source.apiBaseURL
        authentication = Authentication(source)
        disabledCapabilities = source.switchedOff.map(\.message).sorted { $0.rawValue < $1.rawValue }
        issueURLTemplate = source.issueURLTemplate
        createURLTemplate = source.createURLTemplate
        keyPattern = source.keyPattern
        defaultExternalProject = source.defaultExternalProject
        allowedExternalProjects = source.allowedExternalProjects
        statusMap = source.statusMap.map(Wire.StatusMapping.init)
        testObjectURLTemplate = source.testObjectURLTemplate
        backLinkComments = source.allowsBackLinkComments
        issueTitleTemplate = source.issueTitleTemplate
        issueDescriptionTemplate = source.issueDescriptionTemplate
        availability = Wire.Availability(source.availability)
        health = Wire.SourceHealth(source.health)
        createdBy = source.createdBy.rawValue
    }

    private static func capabilities(
        of source: IntegrationSource, registry: TrackerRegistry
    ) -> [Wire.CapabilityState] {
        guard let provider = registry[source.providerID]?.description else { return [] }
        return source.capabilityStates(provider: provider).map(Wire.CapabilityState.init)
    }

    /// Scheme, host and port of a URL: all of an address that members may see.
    static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return "" }
        return String(url[..<scheme.upperBound]) + url[scheme.upperBound...].prefix { $0 != "/" }
    }
}

extension Wire.CapabilityState {
    init(_ state: CapabilityState) {
        self.init()
        capability = state.capability.message
        effective = state.isEffective
        reason = state.reason.message
    }
}

extension Authentication {
    init(_ source: IntegrationSource) {
        self.init()
        method = source.authenticationMethod.rawValue
        settings = source.authenticationSettings
        // The access token is renewed by itself and nobody's business.
        credentials = source.credentials.filter { $0.name != TrackerCredential.accessTokenField }.map {
            state in
            var message = Wire.CredentialState()
            message.name = state.name
            message.setTime = GoogleTimestamp(state.setAt)
            message.setBy = state.setBy.rawValue
            message.expireTime = state.expiresAt.map { GoogleTimestamp($0) }
            return message
        }
    }
}

extension Wire.StatusMapping {
    init(_ mapping: StatusMapping) {
        self.init()
        status = mapping.status
        issueType = mapping.type
        category = mapping.category.message
    }
}

extension Wire.SourceHealth {
    init(_ health: SourceHealth) {
        self.init()
        lastProbeTime = health.lastProbeAt.map { GoogleTimestamp($0) }
        lastSyncTime = health.lastSyncAt.map { GoogleTimestamp($0) }
        lastErrorReason = health.lastErrorReason
    }
}
