// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
public import RPC

/// What admins configure: sources, relations, and what a project changes on them for itself.
public struct AdminService: AdminServiceHandler {
    let environment: ServiceEnvironment

    /// Makes the service.
    public init(_ environment: ServiceEnvironment) {
        self.environment = environment
    }

    public func listProviders(
        _ request: ListProvidersRequest, context: CallContext
    ) async throws -> ListProvidersResponse {
        var response = ListProvidersResponse()
        response.providers = environment.registry.descriptions
            .sorted { $0.displayName < $1.displayName }.map(Provider.init)
        return response
    }

    /// Starts a call: reads its scope and makes sure that the tenant has its seeds.
    func begin(_ context: CallContext) async throws -> CallScope {
        let scope = try CallScope(context, now: environment.clock())
        try await environment.store.ensureSeeded(scope.tenantID, at: scope.now)
        return scope
    }
}
