// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
public import RPC

extension AdminService {
    public func testSourceConnection(
        _ request: TestSourceConnectionRequest, context: CallContext
    ) async throws -> TestSourceConnectionResponse {
        let scope = try await begin(context)
        let (report, source) =
            switch request.target {
            case nil: throw DomainError.invalid("target", "must be the id of a source, or a draft")
            case .id(let id): try await testStored(id, scope: scope)
            case .draft(let message): try await testDraft(message, scope: scope)
            }
        var response = TestSourceConnectionResponse()
        response.report = ConnectionReport(report, of: source, registry: environment.registry)
        return response
    }

    private func testStored(
        _ id: String, scope: CallScope
    ) async throws -> (ProbeReport, IntegrationSource) {
        let tracked = try await environment.store.read(scope.tenantID) { store in
            let source = try manageableSource(id, field: "id", scope: scope, in: store)
            return try environment.trackerSource(source, in: store)
        }
        let report = await environment.trackers.testConnection(tracked)
        try await environment.store.write(scope.tenantID) { store in
            guard let source = try store.sources.get(tracked.source.id), source.deletedAt == nil else {
                return
            }
            var health = source.health
            health.lastProbeAt = scope.now
            health.lastErrorReason =
                report.isOK ? "" : report.reason?.rawValue ?? ErrorReason.trackerUnavailable.rawValue
            if report.isOK { health.deniedCapabilities = report.denied }
            try store.sources.recordHealth(source.id, health)
        }
        return (report, tracked.source)
    }

    /// A draft brings its own secrets; a stored one is never sent to an address that is not stored with it.
    private func testDraft(
        _ message: Wire.Source, scope: CallScope
    ) async throws -> (ProbeReport, IntegrationSource) {
        let owner = try Owner(message.owner, field: "draft.owner")
        try authorizeCreation(of: owner, scope: scope)
        var edit = SourceEdit(
            creating: environment.makeID(), owner: owner, message: message, scope: scope,
            environment: environment)
        try edit.apply(message, paths: Set(SourceField.allCases))
        let draft = TrackerSource(edit.source, credential: edit.draftCredential, isDraft: true)
        return (await environment.trackers.testConnection(draft), edit.source)
    }
}
