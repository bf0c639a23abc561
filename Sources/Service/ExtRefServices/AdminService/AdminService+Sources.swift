// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
public import RPC
import RPCMessages

extension AdminService {
    public func createSource(
        _ request: CreateSourceRequest, context: CallContext
    ) async throws -> CreateSourceResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: CreateSourceResponse.self, scope: scope, validateOnly: request.validateOnly)
        let message = request.source ?? Wire.Source()
        let owner = try Owner(message.owner, field: "source.owner")
        try authorizeCreation(of: owner, scope: scope)
        var edit = SourceEdit(
            creating: environment.makeID(), owner: owner, message: message, scope: scope,
            environment: environment)
        try edit.apply(message, paths: Set(SourceField.allCases))
        return try await environment.commit(mutation) { [edit, environment] store in
            try store.sources.insert(edit.source)
            let stored = try edit.storeCredentials(in: store)
            try Journal(scope, requestID: mutation.requestID, environment).source(nil, stored, in: store)
            var response = CreateSourceResponse()
            response.source = Wire.Source(
                stored, for: scope.caller, overlay: nil, registry: environment.registry)
            return response
        }
    }

    public func getSource(_ request: GetSourceRequest, context: CallContext) async throws -> GetSourceResponse
    {
        let scope = try await begin(context)
        let project = try projectFilter(request.projectID, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let source = try visibleSource(request.id, scope: scope, in: store)
            let overlay = try project.flatMap {
                try store.overlays.get(project: $0, target: .source(source.id))
            }
            var response = GetSourceResponse()
            response.source = Wire.Source(
                source, for: scope.caller, overlay: overlay, registry: environment.registry)
            if source.isManageable(by: scope.caller) {
                response.source?.sync = Wire.SourceSync(
                    try SyncReport(of: source, environment, at: scope.now, in: store))
            }
            return response
        }
    }

    public func listSources(
        _ request: ListSourcesRequest, context: CallContext
    ) async throws -> ListSourcesResponse {
        let scope = try await begin(context)
        let project = try listScope(request.projectID, scope: scope)
        let page = try environment.page(of: request, scope: scope)
        return try await environment.store.read(scope.tenantID) { store in
            let filter = SourceFilter(usableIn: project, includesDisabled: request.showDisabled)
            let found = try store.sources.list(filter, page: page)
            let configuration = try environment.configurations.snapshot(store)
            var response = ListSourcesResponse()
            response.sources = found.items.compactMap { source in
                let overlay = project.flatMap { configuration.overlay(.source(source.id), in: $0) }
                if overlay?.isHidden == true, !request.showDisabled { return nil }
                return Wire.Source(
                    source, for: scope.caller, overlay: overlay, registry: environment.registry)
            }
            response.nextPageToken = try environment.nextPageToken(found.next, of: request, scope: scope)
            return response
        }
    }

    public func updateSource(
        _ request: UpdateSourceRequest, context: CallContext
    ) async throws -> UpdateSourceResponse {
        let scope = try await begin(context)
        let mutation = try Mutation(
            request, answering: UpdateSourceResponse.self, scope: scope, validateOnly: request.validateOnly)
        let message = request.source ?? Wire.Source()
        let paths = try FieldMask(request.updateMask, of: SourceField.self).fields
        let revision = try ETag.revision(message.etag, field: "source.etag")
        return try await environment.commit(mutation) { [environment] store in
            let before = try manageableSource(message.id, field: "source.id", scope: scope, in: store)
            var edit = SourceEdit(changing: before, scope: scope, environment: environment)
            try edit.apply(message, paths: paths)
            try edit.requireCredentials(since: before)
            _ = try store.sources.update(edit.source, expectedRevision: revision ?? before.revision)
            let stored = try edit.storeCredentials(in: store)
            let journal = Journal(scope, requestID: mutation.requestID, environment)
            try journal.source(before, stored, in: store)
            if stored.statusMap != before.statusMap {
                for issue in try store.issues.remapStatuses(of: stored) {
                    try journal.issue(issue.before, issue.after, in: store)
                }
            }
            if stored.allowedExternalProjects != before.allowedExternalProjects {
                // What it may no longer show goes, and what it may show again comes back.
                try store.issues.hastenAll(in: stored.id, to: scope.now)
            }
            var response = UpdateSourceResponse()
            response.source = Wire.Source(
                stored, for: scope.caller, overlay: nil, registry: environment.registry)
            return response
        }
    }

    public func enableSource(
        _ request: EnableSourceRequest, context: CallContext
    ) async throws -> EnableSourceResponse {
        var response = EnableSourceResponse()
        response.source = try await switchSource(
            request, id: request.id, etag: request.etag, to: true, context)
        return response
    }

    public func disableSource(
        _ request: DisableSourceRequest, context: CallContext
    ) async throws -> DisableSourceResponse {
        var response = DisableSourceResponse()
        response.source = try await switchSource(
            request, id: request.id, etag: request.etag, to: false, context)
        return response
    }

    /// The answer is kept as a `GetSourceResponse`, which both switches can be answered from.
    private func switchSource(
        _ request: some MutationRequest, id: String, etag: String, to isEnabled: Bool, _ context: CallContext
    ) async throws -> Wire.Source? {
        let scope = try await begin(context)
        let mutation = try Mutation(request, answering: GetSourceResponse.self, scope: scope)
        let revision = try ETag.revision(etag)
        let answer = try await environment.commit(mutation) { [environment] store in
            let before = try manageableSource(id, field: "id", scope: scope, in: store)
            let after = try store.sources.setEnabled(
                before.id, isEnabled, expectedRevision: revision, at: scope.now)
            try Journal(scope, requestID: mutation.requestID, environment).source(before, after, in: store)
            var response = GetSourceResponse()
            response.source = Wire.Source(
                after, for: scope.caller, overlay: nil, registry: environment.registry)
            return response
        }
        return answer.source
    }
}
