// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Where a sealed secret belongs. It opens nowhere else: a row copied to another tenant, source or field
/// fails.
public struct SealBinding: Sendable, Hashable {
    public let tenantID: TenantID
    public let sourceID: SourceID
    /// The credential field's name, such as `api_token`.
    public let field: String

    /// Names a place.
    public init(tenantID: TenantID, source: SourceID, field: String) {
        self.tenantID = tenantID
        sourceID = source
        self.field = field
    }

    /// The place as authenticated data.
    var authenticatedData: [UInt8] {
        BoundText.join("extref.secret.v1", tenantID.rawValue, sourceID.rawValue, field)
    }
}

/// Texts joined so that no two lists give the same bytes: each behind its length.
enum BoundText {
    static func join(_ texts: String...) -> [UInt8] {
        texts.reduce(into: []) { append(Array($1.utf8), to: &$0) }
    }

    static func append(_ bytes: [UInt8], to joined: inout [UInt8]) {
        withoutAmbiguity(bytes.count, &joined)
        joined += bytes
    }

    private static func withoutAmbiguity(_ count: Int, _ joined: inout [UInt8]) {
        for shift in stride(from: 24, through: 0, by: -8) {
            joined.append(UInt8(truncatingIfNeeded: count >> shift))
        }
    }
}
