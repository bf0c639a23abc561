// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Whose page token it is and which query it continues.
public struct PageTokenBinding: Sendable, Hashable {
    public let tenantID: TenantID
    public let principalID: PrincipalID
    /// The full method name, such as `extref.v1.LinkService/ListLinks`.
    public let method: String
    /// A hash of everything else in the query: filter, order, parent.
    public let filterHash: [UInt8]

    /// Names a query of a caller.
    public init(tenantID: TenantID, principalID: PrincipalID, method: String, filterHash: [UInt8]) {
        self.tenantID = tenantID
        self.principalID = principalID
        self.method = method
        self.filterHash = filterHash
    }

    /// The binding as bytes under the token's MAC.
    var authenticatedData: [UInt8] {
        var data = BoundText.join("extref.page.v1", tenantID.rawValue, principalID.rawValue, method)
        BoundText.append(filterHash, to: &data)
        return data
    }
}
