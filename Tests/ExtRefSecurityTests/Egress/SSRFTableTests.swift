// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@testable import ExtRefSecurity

/// The table of addresses that must and must not be called, row by row.
@Suite struct SSRFTableTests {
    private func expect(_ row: SSRFCase, _ judge: () throws(EgressDenial) -> Void) {
        do throws(EgressDenial) {
            try judge()
            #expect(row.isAllowed, "passed")
        } catch {
            #expect(!row.isAllowed, "\(error)")
        }
    }

    @Test func theTableIsWhole() {
        #expect(SSRFCase.all.count == 186)
        #expect(SSRFCase.all.filter(\.isAllowed).count > 15)
    }

    @Test(arguments: SSRFCase.all.filter { $0.stage == .url })
    func theURLAloneIsJudgedAsListed(_ row: SSRFCase) throws {
        let policy = OperatorEgressPolicy(try row.configuration())
        expect(row) { () throws(EgressDenial) in _ = try policy.judge(baseURL: row.input) }
    }

    /// What a base URL may not carry because of what follows it, such as a query, a request may.
    @Test(arguments: SSRFCase.all.filter { $0.stage == .url && !$0.isAllowed })
    func noHostThatABaseURLIsRefusedForPassesAsARequest(_ row: SSRFCase) throws {
        let policy = OperatorEgressPolicy(try row.configuration())
        #expect(throws: EgressDenial.self) { try policy.judge(url: row.input) }
    }

    @Test(arguments: SSRFCase.all.filter { $0.stage == .address })
    func theURLOrAnyOfItsAddressesIsJudgedAsListed(_ row: SSRFCase) throws {
        let policy = OperatorEgressPolicy(try row.configuration())
        let answers = row.answers()
        expect(row) { () throws(EgressDenial) in
            let target = try policy.judge(baseURL: row.input)
            guard case .name = target.host else { return }
            for answer in answers ?? [] { try policy.judge(addresses: answer, of: target) }
        }
    }

    @Test(arguments: SSRFCase.all.filter { $0.stage == .prereq })
    func aPooledConnectionsAddressIsJudgedByThePolicyOfNow(_ row: SSRFCase) throws {
        let before = OperatorEgressPolicy()
        let target = try before.judge(baseURL: row.input)
        let address = try #require(row.answers()?.first?.first)
        try before.judge(address: address, of: target)
        let now = OperatorEgressPolicy(try row.configuration())
        #expect(throws: EgressDenial.self) { try now.judge(address: address, of: target) }
    }

    /// The redirect's own rules are the HTTP client's; that its target is judged afresh is here.
    @Test(arguments: SSRFCase.all.filter { $0.stage == .redirect })
    func aRedirectsTargetIsJudgedAsAnyURL(_ row: SSRFCase) throws {
        let policy = OperatorEgressPolicy()
        let location = try #require(row.values("redirect").first?.split(separator: " ").last).description
        let start = try policy.judge(url: row.input)
        guard !location.hasPrefix("/") else { return }
        let next = try? policy.judge(url: location)
        #expect((next?.isSameOrigin(as: start) == true) == row.isAllowed)
    }
}
