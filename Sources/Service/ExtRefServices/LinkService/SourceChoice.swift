// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Finds a source that a member may use for more than linking, and says what is missing.
struct SourceChoice {
    let configuration: ConfigurationSnapshot
    let projectID: ProjectID
    let registry: TrackerRegistry

    /// Finds a source usable in the project by its id.
    func find(_ text: String, field: String = "source_id") throws(DomainError) -> IntegrationSource {
        guard !text.isEmpty else { throw .invalid(field, "must be the id of a source") }
        guard let id = SourceID(text),
            let source = configuration.sources(in: projectID).first(where: { $0.id == id })
        else { throw .notFound(.sourceNotFound, type: "Source", name: text) }
        return source
    }

    /// Requires that a source is enabled and can do something, before any network is used.
    func require(_ capability: Capability, of source: IntegrationSource) throws(DomainError) {
        guard let provider = registry[source.providerID]?.description,
            let state = source.capabilityStates(provider: provider).first(where: {
                $0.capability == capability
            })
        else { throw .notFound(.sourceNotFound, type: "Source", name: source.id.rawValue) }
        if state.isEffective { return }
        if state.reason == .sourceDisabled {
            throw .precondition(
                .sourceDisabled, subject: source.id.rawValue,
                "Source '\(source.displayName)' is disabled. An admin must enable it first.")
        }
        throw .precondition(
            .capabilityUnavailable, subject: source.id.rawValue,
            "Source '\(source.displayName)' cannot do this: \(Self.sentence(for: state.reason)).",
            metadata: ["capability": capability.rawValue, "why": state.reason.rawValue])
    }

    /// The external project meant: the caller's, else the project's own default, else the source's.
    func externalProject(_ text: String, of source: IntegrationSource) throws(DomainError) -> String {
        let overlay = configuration.overlay(.source(source.id), in: projectID)?.defaultExternalProject ?? ""
        let wanted = [trimmed(text), overlay, source.defaultExternalProject].first { !$0.isEmpty } ?? ""
        guard wanted.isEmpty || source.allows(externalProject: wanted) else {
            throw .precondition(
                .externalProjectNotAllowed, subject: source.id.rawValue,
                "External project '\(wanted)' is not in the list of source '\(source.displayName)'.")
        }
        return wanted
    }

    private static func sentence(for reason: CapabilityState.Reason) -> String {
        switch reason {
        case .available: "it can"
        case .notSupported: "its provider has no such thing"
        case .switchedOff: "an admin switched it off"
        case .scopeMissing: "its credential lacks the right, as the last connection test found"
        case .sourceDisabled: "it is disabled"
        }
    }
}
