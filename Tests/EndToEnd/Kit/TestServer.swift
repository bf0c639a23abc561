// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefServer
import ExtRefTrackers
import FoundationEssentials
import Logging
import RPC
import RPCClient
import Testing

/// A whole server in this process, on a free port, with data of its own; clients reach it over TCP.
struct TestServer: Sendable {
    let server: Server
    let directory: String
    /// What the server logged.
    let log: LogRecorder
    private let client: RPCClient

    /// Runs a server around the body, and drains it afterwards.
    static func with<Value: Sendable>(
        directory: String? = nil, change: (inout ServerSettings) throws -> Void = { _ in },
        clock: @escaping WallClock = TrackerRunner.systemTime,
        pauses: any Clock<Duration> = ContinuousClock(),
        _ body: (TestServer) async throws -> Value
    ) async throws -> Value {
        guard let directory else {
            return try await TemporaryDirectory.with { path in
                try await with(
                    directory: path + "/data", change: change, clock: clock, pauses: pauses, body)
            }
        }
        var settings = ServerSettings(dataDirectory: directory, listen: [.tcp(host: "127.0.0.1", port: 0)])
        try change(&settings)
        let log = LogRecorder()
        let server = try await Server.start(
            settings, logger: log.logger, clock: clock, pauses: pauses)
        var configuration = ClientConfiguration(endpoint: server.addresses[0])
        configuration.connections = 8
        let test = TestServer(
            server: server, directory: directory, log: log, client: RPCClient(configuration))
        let running = Task { try await server.run() }
        let outcome = await Result(catching: { try await body(test) })
        await test.client.close()
        server.drain()
        try await running.value
        return try outcome.get()
    }

    /// Calls as whoever the roles make the caller.
    func client(
        _ subject: String, _ roles: [String: ProjectRole] = [:], isTenantAdmin: Bool = false,
        tenant: String = "local"
    ) throws -> TestClient {
        let caller = Caller(
            tenantID: TenantID(trusted: tenant), principalID: PrincipalID(trusted: subject),
            isTenantAdmin: isTenantAdmin,
            projectRoles: Dictionary(
                uniqueKeysWithValues: roles.map { (ProjectID(trusted: $0.key), $0.value) }))
        let issuer = try LocalIssuer.open(directory: directory)
        let token = try issuer.mint(for: caller, lifetime: .seconds(3_600), now: TrackerRunner.systemTime())
        return TestClient(channel: client, token: token.reveal { $0 })
    }

    /// Calls with a token, or with none.
    func client(token: String?) -> TestClient { TestClient(channel: client, token: token) }

    /// A Tenant Admin.
    func admin() throws -> TestClient { try client("admin", isTenantAdmin: true) }

    /// A tester who may link in the project.
    func tester(_ project: String = "P1", as subject: String = "tester") throws -> TestClient {
        try client(subject, [project: .link])
    }
}

extension Result where Failure == any Error {
    init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
