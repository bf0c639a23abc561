// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefServices

@Suite(.timeLimit(.minutes(1))) struct StreamPlacesTests {
    private static func caller(_ subject: String, of tenant: String = "acme", isAdmin: Bool = false) -> Caller
    {
        Caller(
            tenantID: TenantID(trusted: tenant), principalID: PrincipalID(trusted: subject),
            isTenantAdmin: isAdmin)
    }

    @Test func `one subject of one tenant has so many, all together so many more`() throws {
        let places = StreamPlaces(inAllMax: 4, perCallerMax: 2)
        var held = [
            try places.take(for: Self.caller("a")), try places.take(for: Self.caller("a", isAdmin: true)),
        ]
        let own = try #require(throws: DomainError.self) { try places.take(for: Self.caller("a")) }
        #expect(own.code == .resourceExhausted && own.reason == .overloaded && own.retryAfter != nil)
        held.append(try places.take(for: Self.caller("a", of: "other")))
        held.append(try places.take(for: Self.caller("b")))
        let all = try #require(throws: DomainError.self) { try places.take(for: Self.caller("c")) }
        #expect(all.code == .unavailable && all.reason == .overloaded && all.retryAfter != nil)
        #expect(places.count == 4)
        held.removeFirst()
        #expect(places.count == 3)
        held.append(try places.take(for: Self.caller("a")))
        held.removeAll()
        #expect(places.count == 0)
    }

    @Test func `closing ends what runs in the places, and gives none any more`() async throws {
        let places = StreamPlaces(inAllMax: 4, perCallerMax: 4)
        let place = try places.take(for: Self.caller("a"))
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let running = Task {
            try await place.interruption.run {
                beginning.yield()
                try await ContinuousClock().sleep(for: .seconds(3_600))
            }
        }
        for await _ in begun { break }
        places.close()
        await #expect(throws: CancellationError.self) { try await running.value }
        let late = try #require(throws: DomainError.self) { try places.take(for: Self.caller("b")) }
        #expect(late.code == .unavailable && late.retryAfter != nil)
    }

    @Test func `what is begun after the end is cancelled`() async {
        let interruption = Interruption()
        interruption.end()
        await #expect(throws: CancellationError.self) {
            try await interruption.run { try await ContinuousClock().sleep(for: .seconds(3_600)) }
        }
    }

    @Test func `who waits and is cancelled cancels the work`() async throws {
        let interruption = Interruption()
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task {
            try await interruption.run {
                beginning.yield()
                try await ContinuousClock().sleep(for: .seconds(3_600))
            }
        }
        for await _ in begun { break }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
