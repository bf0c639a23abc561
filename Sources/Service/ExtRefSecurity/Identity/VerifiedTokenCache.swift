// SPDX-License-Identifier: Apache-2.0

import Crypto
import ExtRefDomain

/// Callers by the digest of the token that proved them. A signature check costs more than most calls.
///
/// Bounded by two generations: new and used entries live in the young one; when that is half the bound, it
/// becomes the old one and the old one is dropped. So what was used lately stays, and forgetting costs
/// nothing per entry.
struct VerifiedTokenCache {
    struct Entry: Sendable {
        let caller: Caller
        let validity: TokenClaims.Validity
        /// When the token is verified from scratch again, whatever happened meanwhile.
        let reverifyAt: Timestamp
        /// Length of the token's text, which a caller's rights grow with.
        let tokenBytes: Int
    }

    private var young: [SHA256Digest: Entry] = [:]
    private var old: [SHA256Digest: Entry] = [:]
    private var youngBytes = 0
    private let generationMax: Int
    private let generationBytesMax: Int

    init(
        entriesMax: Int = SecurityLimits.cachedTokensMax, bytesMax: Int = SecurityLimits.cachedTokenBytesMax
    ) {
        generationMax = max(1, entriesMax / 2)
        generationBytesMax = bytesMax / 2
    }

    /// How many tokens are remembered, one that is in both generations counted twice.
    var count: Int { young.count + old.count }

    mutating func entry(for digest: SHA256Digest) -> Entry? {
        if let entry = young[digest] { return entry }
        guard let entry = old[digest] else { return nil }
        insert(entry, for: digest)
        return entry
    }

    mutating func insert(_ entry: Entry, for digest: SHA256Digest) {
        if young.count >= generationMax || youngBytes + entry.tokenBytes > generationBytesMax {
            old = young
            young = [:]
            youngBytes = 0
        }
        if young.updateValue(entry, forKey: digest) == nil { youngBytes += entry.tokenBytes }
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
        youngBytes = 0
    }
}
