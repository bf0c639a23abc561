// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefTrackers
import RPCMessages

extension Provider {
    init(_ provider: ProviderDescription) {
        self.init()
        id = provider.id.rawValue
        displayName = provider.displayName
        capabilities = Capability.allCases.filter(provider.capabilities.contains).map(\.message)
        authenticationMethods = provider.authenticationMethods.map(Wire.AuthenticationMethod.init)
        baseURLExample = provider.baseURLExample
        issueURLTemplate = provider.issueURLTemplate
        createURLTemplate = provider.createURLTemplate
        keyPattern = provider.keyPattern
        keyExample = provider.keyExample
        backLinksAreComments =
            provider.capabilities.contains(.comment) && !provider.capabilities.contains(.backLink)
    }
}

extension Wire.AuthenticationMethod {
    init(_ method: AuthenticationMethod) {
        self.init()
        id = method.id.rawValue
        label = method.label
        helpURL = method.helpURL
        needsAuthorization = method.id == .oauthRefresh
        fields = method.fields.map { field in
            var message = Wire.AuthenticationField()
            message.name = field.name
            message.label = field.label
            message.secret = field.isSecret
            message.required = field.isRequired
            message.help = field.help
            message.steersSecrets = field.steersSecrets
            return message
        }
    }
}

extension ConnectionReport {
    /// Writes a report, with what the source could do with the credential that was tested.
    init(_ report: ProbeReport, of source: IntegrationSource, registry: TrackerRegistry) {
        self.init()
        scopes = report.scopes
        credentialExpireTime = report.expiresAt.map { GoogleTimestamp($0) }
        var tested = source
        tested.health.deniedCapabilities = report.denied
        if let provider = registry[source.providerID]?.description {
            capabilities = tested.capabilityStates(provider: provider).map(Wire.CapabilityState.init)
        }
        ok = report.isOK
        failureClass = report.failureClass
        identity = report.identity
        elapsed = GoogleDuration(report.elapsed)
        steps = report.steps.map { step in
            var message = ExtRefMessages.ProbeStep()
            message.name = step.name.rawValue
            message.verdict = step.verdict.message
            message.elapsed = GoogleDuration(step.elapsed)
            message.advice = step.advice
            return message
        }
    }
}

extension ExtRefTrackers.ProbeVerdict {
    fileprivate var message: ExtRefMessages.ProbeVerdict {
        switch self {
        case .passed: .passed
        case .warning: .warning
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}
