// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct PermissionTests {
    static let p1 = ProjectID(trusted: "P1")
    static let p2 = ProjectID(trusted: "P2")

    static func caller(
        _ roles: [ProjectID: ProjectRole], isTenantAdmin: Bool = false, scopes: Set<String> = []
    ) -> Caller {
        Caller(
            tenantID: TenantID(trusted: "t"), principalID: PrincipalID(trusted: "u"),
            isTenantAdmin: isTenantAdmin,
            projectRoles: roles, scopes: scopes)
    }

    @Test(arguments: ProjectRole.allCases, ProjectRole.allCases)
    func aRoleImpliesTheOnesBelowIt(_ held: ProjectRole, _ needed: ProjectRole) {
        let caller = Self.caller([Self.p1: held])
        #expect(caller.has(needed, in: Self.p1) == (needed <= held))
        #expect(!caller.has(needed, in: Self.p2))
        #expect(Self.caller([:], isTenantAdmin: true).has(needed, in: Self.p2))
    }

    @Test func methodsWithoutAnEntryAreNamed() {
        let missing = PermissionTable.missing(from: [
            "extref.v1.LinkService/GetLink", "extref.v1.LinkService/New",
        ])
        #expect(missing == ["extref.v1.LinkService/New"])
    }

    @Test func onlyAScopeOpensWebhooks() {
        let entry = PermissionTable.entries["extref.v1.LinkService/IngestWebhook"]
        #expect(entry?.admits(Self.caller([:], isTenantAdmin: true)) == false)
        #expect(entry?.admits(Self.caller([:], scopes: ["webhook.ingest"])) == true)
    }

    @Test func onlyHealthIsOpen() {
        let open = PermissionTable.entries.filter { $0.value == .anyone }.keys.sorted()
        #expect(open == ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"])
    }

    @Test func aProjectsOwnIsItsAlone() {
        struct Owned: Administered {
            var owner: Owner
            var availability = Availability.allProjects
            let isEnabled = true
            let deletedAt: Timestamp? = nil
        }
        let own = Owned(owner: .project(Self.p1))
        #expect(own.isUsable(in: Self.p1) && !own.isUsable(in: Self.p2))
        #expect(own.isManageable(by: Self.caller([Self.p1: .projectAdmin])))
        #expect(!own.isManageable(by: Self.caller([Self.p1: .link])))
        let shared = Owned(owner: .tenant, availability: .projects([Self.p2]))
        #expect(!shared.isUsable(in: Self.p1) && shared.isUsable(in: Self.p2))
        #expect(!shared.isManageable(by: Self.caller([Self.p2: .projectAdmin])))
        #expect(shared.isVisible(to: Self.caller([Self.p2: .read])))
        #expect(!shared.isVisible(to: Self.caller([Self.p1: .projectAdmin])))
    }

    @Test func anExactTypeGoesBeforeAnyType() {
        var source = IntegrationSource(
            id: SourceID(trusted: "s"), tenantID: TenantID(trusted: "t"), owner: .tenant,
            providerID: .redmine,
            displayName: "x", baseURL: "https://x.example", createdAt: Timestamp(seconds: 0),
            createdBy: PrincipalID(trusted: "u"))
        source.statusMap = [
            StatusMapping(status: "Done", category: .inProgress),
            StatusMapping(status: "Done", type: "Bug", category: .canceled),
        ]
        #expect(source.category(status: "Done", type: "Bug", provider: .done) == .canceled)
        #expect(source.category(status: "Done", type: "Task", provider: .done) == .inProgress)
        #expect(source.category(status: "done", type: "Bug", provider: .done) == .done)
    }
}
