// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages
import Testing

@Suite struct HealthStateTests {
    @Test func isNotServingUntilTold() {
        let health = HealthState(services: ["a.A"])
        #expect(health.status(of: "") == .notServing && health.status(of: "a.A") == .notServing)
    }

    @Test func eachServiceHasItsOwnHealth() throws {
        let health = HealthState(services: ["a.A", "a.B"])
        health.setAll(.serving)
        health.set(.notServing, for: "a.B")
        health.set(.serving, for: "a.C")
        #expect(try health.check(HealthCheckRequest()).status == .serving)
        #expect(try health.check(HealthCheckRequest(service: "a.B")).status == .notServing)
        let error = #expect(throws: RPCError.self) { try health.check(HealthCheckRequest(service: "a.C")) }
        #expect(error?.code == .notFound)
    }

    @Test func aDrainOverridesWhateverIsSetLater() {
        let health = HealthState(services: ["a.A"])
        health.setAll(.serving)
        health.beginDraining()
        health.setAll(.serving)
        #expect(health.status(of: "") == .notServing && health.status(of: "a.A") == .notServing)
        #expect(health.status(of: "x") == nil)
    }
}
