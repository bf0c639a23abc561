// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct CapabilityTests {
    private static let provider = ProviderDescription(
        id: .redmine, displayName: "R", capabilities: [.fetch, .create], authenticationMethods: [],
        baseURLExample: "", issueURLTemplate: "", createURLTemplate: "", keyPattern: "", keyExample: "")

    private static var source: IntegrationSource {
        IntegrationSource(
            id: SourceID(trusted: "src_1"), tenantID: TenantID(trusted: "t"), owner: .tenant,
            providerID: .redmine, displayName: "R", baseURL: "https://r.example",
            createdAt: Timestamp(seconds: 0), createdBy: PrincipalID(trusted: "a"))
    }

    static let rows: [(Capability, Set<Capability>, Set<Capability>, Bool, CapabilityState.Reason)] = [
        (.create, [], [], true, .available), (.search, [], [], true, .notSupported),
        (.create, [.create], [], true, .switchedOff), (.create, [], [.create], true, .scopeMissing),
        (.create, [.create], [.create], true, .switchedOff), (.create, [], [], false, .sourceDisabled),
        (.create, [], [.create], false, .scopeMissing), (.create, [.fetch], [.fetch], true, .available),
        (.search, [.search], [.search], false, .notSupported),
    ]

    @Test(arguments: rows)
    func `a capability is what provider, admin and credential allow together`(
        capability: Capability, off: Set<Capability>, denied: Set<Capability>, isEnabled: Bool,
        reason: CapabilityState.Reason
    ) {
        var source = Self.source
        source.switchedOff = off
        source.health.deniedCapabilities = denied
        source.isEnabled = isEnabled
        let states = source.capabilityStates(provider: Self.provider)
        #expect(states.map(\.capability) == Capability.allCases)
        let state = states.first { $0.capability == capability }
        #expect(state?.reason == reason && state?.isEffective == (reason == .available))
    }

    static let permissions: [(String, MethodPermission)] = [
        ("extref.v1.LinkService/CreateIssue", .link), ("extref.v1.LinkService/SearchIssues", .link),
        ("extref.v1.LinkService/GetIssueForm", .link),
        ("extref.v1.AdminService/BeginSourceAuthorization", .administer),
        ("extref.v1.AdminService/CompleteSourceAuthorization", .administer),
        ("extref.v1.AdminService/RotateWebhookSecret", .administer),
        ("extref.v1.AdminService/ListWebhookDeliveries", .administer),
        ("extref.v1.AdminService/TestWebhook", .administer),
    ]

    @Test(arguments: permissions)
    func `writing to trackers needs a member's or an admin's role`(method: String, needed: MethodPermission) {
        #expect(PermissionTable.entries[method] == needed)
    }
}
