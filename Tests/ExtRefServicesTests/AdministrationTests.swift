// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCMessages
import Testing

@Suite struct AdministrationTests {
    @Test func secretsGoInAndNeverComeOut() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        let read = try await harness.admin().getSource(GetSourceRequest(id: source.id)).source
        #expect(read?.authentication?.secrets == [:])
        #expect(read?.authentication?.credentials.map(\.name) == ["api_key"])
        let audit = try await harness.admin().listAuditEntries(ListAuditEntriesRequest())
        #expect(audit.entries.first?.action == "extref.v1.AdminService/CreateSource")
        #expect(!"\(audit)\(String(describing: read))".contains("good-key"))
    }

    @Test func membersSeeTheRedactedView() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine(base: "https://redmine.example.com/private/path")
        let seen = try await harness.admin(.reader).getSource(GetSourceRequest(id: source.id)).source
        #expect(seen?.redacted == true)
        #expect(seen?.baseURL == "https://redmine.example.com")
        #expect(seen?.authentication == nil && seen?.createdBy == "")
    }

    @Test func aNewAddressNeedsTheCredentialAgain() async throws {
        let harness = try ServiceHarness()
        var source = try await harness.addRedmine()
        source.baseURL = "https://evil.example.com"
        let mask = GoogleFieldMask(paths: ["base_url"])
        let error = await failure {
            try await harness.admin().updateSource(UpdateSourceRequest(source: source, updateMask: mask))
        }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.reason == "CREDENTIAL_REQUIRED")
        source.authentication = Authentication(method: "api_key", secrets: ["api_key": "good-key"])
        let both = GoogleFieldMask(paths: ["base_url", "authentication"])
        let moved = try await harness.admin().updateSource(
            UpdateSourceRequest(source: source, updateMask: both))
        #expect(moved.source?.baseURL == "https://evil.example.com")
    }

    @Test func anAddressTheOperatorForbidsIsRefusedBeforeItIsStored() async throws {
        let harness = try ServiceHarness()
        let error = await failure { try await harness.addRedmine(base: "https://forbidden.example") }
        #expect(error?.reason == "EGRESS_DENIED")
        #expect(try await harness.admin().listSources(ListSourcesRequest(showDisabled: true)).sources.isEmpty)
    }

    @Test func allFieldProblemsComeAtOnce() async throws {
        let harness = try ServiceHarness()
        let error = await failure {
            try await harness.addRedmine("", base: "ftp://x") { $0.keyPattern = "(" }
        }
        #expect(error?.code == .invalidArgument)
        let fields = Set(error?.fields ?? [])
        #expect(fields.isSuperset(of: ["source.display_name", "source.base_url", "source.key_pattern"]))
    }

    @Test func aStaleWriteIsAbortedAndNamesTheCurrentEtag() async throws {
        let harness = try ServiceHarness()
        var source = try await harness.addRedmine()
        source.displayName = "Renamed"
        let mask = GoogleFieldMask(paths: ["display_name"])
        let first = try await harness.admin().updateSource(
            UpdateSourceRequest(source: source, updateMask: mask))
        let error = await failure {
            try await harness.admin().updateSource(UpdateSourceRequest(source: source, updateMask: mask))
        }
        #expect(error?.code == .aborted)
        #expect(error?.reason == "ETAG_MISMATCH")
        #expect(error?.metadata["current_etag"] == first.source?.etag)
    }

    @Test func aDisabledSourceKeepsItsLinksAndRefusesNewOnesByName() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let link = try await harness.link().link
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        let error = await failure { try await harness.link("TC-2") }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.reason == "SOURCE_DISABLED")
        #expect(error?.detail(GoogleRPCPreconditionFailure.self)?.violations.first?.subject == source.id)
        let old = try await harness.links().getLink(GetLinkRequest(id: link?.id ?? ""))
        #expect(old.link?.source?.state == .disabled)
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        _ = try await harness.link("TC-2")
    }

    @Test func aSourceInUseIsDeletedOnlyWhenToldWhatBecomesOfItsLinks() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let link = try await harness.link().link
        let error = await failure {
            try await harness.admin().deleteSource(DeleteSourceRequest(id: source.id))
        }
        #expect(error?.reason == "SOURCE_IN_USE")
        #expect(error?.metadata["link_count"] == "1")
        #expect(error?.metadata["links_in.P1"] == "1")
        _ = try await harness.admin().deleteSource(DeleteSourceRequest(id: source.id, mode: .keepLinks))
        let kept = try await harness.links().getLink(GetLinkRequest(id: link?.id ?? "")).link
        #expect(kept?.source?.state == .deleted)
        #expect(kept?.source?.displayName == "Our tracker")
        guard case .issue(let issue) = kept?.target else {
            Testing.Issue.record("the tombstone shows no issue")
            return
        }
        #expect(issue.title == "Checkout fails")
        #expect(
            await failure { try await harness.admin().getSource(GetSourceRequest(id: source.id)) }?.code
                == .notFound)
        try await harness.addRedmine()
    }

    @Test func deletingASourceWithItsLinksLeavesNeither() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init())
        _ = try await harness.link()
        let answer = try await harness.admin().deleteSource(
            DeleteSourceRequest(id: source.id, mode: .deleteLinks))
        #expect(answer.usage.map(\.linkCount) == [1])
        #expect(try await harness.links().listLinks(ListLinksRequest(projectID: "P1")).links.isEmpty)
    }

    @Test func aRelationInUseNeedsAReplacement() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        let bug = try await harness.admin().createRelation(
            CreateRelationRequest(relation: ExtRefMessages.Relation(name: "Bug", semanticType: .defect))
        ).relation
        let link = try await harness.link(relation: "bug").link
        let error = await failure {
            try await harness.admin().deleteRelation(DeleteRelationRequest(id: bug?.id ?? ""))
        }
        #expect(error?.reason == "RELATION_IN_USE")
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        let defect = relations.first { $0.name == "Defect" }
        _ = try await harness.admin().deleteRelation(
            DeleteRelationRequest(id: bug?.id ?? "", replacementID: defect?.id ?? ""))
        let moved = try await harness.links().getLink(GetLinkRequest(id: link?.id ?? "")).link
        #expect(moved?.relation?.name == "Defect")
    }

    @Test func systemRelationsAreSeededAndOnlyDisabled() async throws {
        let harness = try ServiceHarness()
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        #expect(relations.map(\.name) == ["Relates to", "Tests", "Affected by", "Blocked by", "Defect"])
        let seeded = try #require(relations.last)
        #expect(seeded.systemDefined)
        let edit = await failure {
            try await harness.admin().updateRelation(
                UpdateRelationRequest(relation: seeded, updateMask: GoogleFieldMask(paths: ["name"])))
        }
        #expect(edit?.reason == "RELATION_SYSTEM_DEFINED")
        let delete = await failure {
            try await harness.admin().deleteRelation(DeleteRelationRequest(id: seeded.id))
        }
        #expect(delete?.reason == "RELATION_SYSTEM_DEFINED")
        try await harness.addRedmine()
        harness.redmine.set(1, .init())
        _ = try await harness.admin().disableRelation(DisableRelationRequest(id: seeded.id))
        #expect(await failure { try await harness.link() }?.reason == "RELATION_DISABLED")
    }

    @Test func anOverlayHidesAndSetsDefaultsForOneProject() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        harness.redmine.set(1, .init())
        _ = try await harness.admin(.projectAdmin).setProjectOverlay(
            SetProjectOverlayRequest(
                projectID: "P1", target: .sourceID(source.id), overlay: ProjectOverlay(hidden: true)))
        #expect(await failure { try await harness.link() }?.reason == "NO_SOURCE_CONFIGURED")
        let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
        _ = try await harness.admin(.projectAdmin).setProjectOverlay(
            SetProjectOverlayRequest(
                projectID: "P1", target: .sourceID(source.id), overlay: ProjectOverlay(hidden: false)))
        _ = try await harness.admin(.projectAdmin).setProjectOverlay(
            SetProjectOverlayRequest(
                projectID: "P1", target: .relationID(relations[4].id),
                overlay: ProjectOverlay(isDefault: true)))
        #expect(try await harness.link(relation: "").link?.relation?.name == "Defect")
    }

    @Test func anUnknownMaskPathIsNamed() async throws {
        let harness = try ServiceHarness()
        let source = try await harness.addRedmine()
        let mask = GoogleFieldMask(paths: ["display_name", "created_by"])
        let error = await failure {
            try await harness.admin().updateSource(UpdateSourceRequest(source: source, updateMask: mask))
        }
        #expect(error?.fields == ["update_mask.paths[1]"])
    }
}
