// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ProtobufC

/// A request for one page of a list.
protocol PagedRequest: ProtobufMessage {
    var pageSize: Int32 { get set }
    var pageToken: String { get set }
}

extension ServiceEnvironment {
    /// Reads the page wish off a request; its token must come from the same caller, method and query.
    func page(of request: some PagedRequest, scope: CallScope) throws -> PageRequest {
        guard request.pageSize >= 0 else {
            throw DomainError.invalid(
                "page_size", "must not be negative; 0 means \(DomainLimits.pageSizeDefault)")
        }
        let size = request.pageSize == 0 ? DomainLimits.pageSizeDefault : Int(request.pageSize)
        guard !request.pageToken.isEmpty else { return PageRequest(size: size) }
        let cursor = try pageTokens.open(request.pageToken, binding: binding(of: request, scope: scope))
        return PageRequest(size: size, after: String(decoding: cursor, as: UTF8.self))
    }

    /// Seals the cursor of the next page; empty after the last one.
    func nextPageToken(_ cursor: String?, of request: some PagedRequest, scope: CallScope) throws -> String {
        guard let cursor else { return "" }
        return try pageTokens.seal(Array(cursor.utf8), binding: binding(of: request, scope: scope))
    }

    /// What a page token is bound to: everything of the query but the page itself.
    private func binding(of request: some PagedRequest, scope: CallScope) -> PageTokenBinding {
        var query = request
        query.pageSize = 0
        query.pageToken = ""
        return PageTokenBinding(
            tenantID: scope.tenantID, principalID: scope.caller.principalID, method: scope.method,
            filterHash: ContentHash.sha256(query.encode()))
    }
}
