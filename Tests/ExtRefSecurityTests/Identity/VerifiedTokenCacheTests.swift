// SPDX-License-Identifier: Apache-2.0

import Crypto
import ExtRefDomain
import Testing

@testable import ExtRefSecurity

@Suite struct VerifiedTokenCacheTests {
    private func entry(_ name: Int, tokenBytes: Int = 1) -> (VerifiedTokenCache.Entry, SHA256Digest) {
        let time = Timestamp(seconds: 0)
        let caller = Caller(tenantID: TenantID(trusted: "t"), principalID: PrincipalID(trusted: "p\(name)"))
        let validity = TokenClaims.Validity(notBefore: time, end: time)
        return (
            VerifiedTokenCache.Entry(
                caller: caller, validity: validity, reverifyAt: time, tokenBytes: tokenBytes),
            SHA256.hash(data: Array("\(name)".utf8))
        )
    }

    @Test func whatIsUsedOutlivesWhatIsNot() {
        var cache = VerifiedTokenCache(entriesMax: 8)
        for name in 0..<100 {
            let (entry, digest) = entry(name)
            cache.insert(entry, for: digest)
            #expect(cache.entry(for: self.entry(0).1)?.caller.principalID.rawValue == "p0")
            #expect(cache.count <= 8)
        }
        #expect(cache.entry(for: entry(1).1) == nil)
        #expect(cache.entry(for: entry(99).1) != nil)
    }

    @Test func largeTokensFillItSooner() {
        var cache = VerifiedTokenCache(entriesMax: 1_000, bytesMax: 100)
        for name in 0..<100 {
            let (entry, digest) = entry(name, tokenBytes: 10)
            cache.insert(entry, for: digest)
            #expect(cache.count <= 10)
        }
        #expect(cache.count >= 5)
    }

    @Test func forgetsEverythingAtOnce() {
        var cache = VerifiedTokenCache(entriesMax: 8)
        for name in 0..<8 { cache.insert(entry(name).0, for: entry(name).1) }
        cache.removeAll()
        #expect(cache.count == 0)
        #expect((0..<8).allSatisfy { cache.entry(for: entry($0).1) == nil })
    }
}
