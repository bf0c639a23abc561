// SPDX-License-Identifier: Apache-2.0

public import ExtRefSecurity
public import RPC

/// Everything that can be chosen about a server, already judged.
public struct ServerSettings: Sendable {
    /// Where a server listens when nothing else is said.
    public static let listenDefault = Endpoint.tcp(host: "127.0.0.1", port: 7_400)

    /// Where the database, the keys and the admin token are kept.
    public var dataDirectory: String
    /// Where it listens; at least one address.
    public var listen: [Endpoint]
    /// Where it takes webhooks over HTTP; nil = nowhere.
    public var httpListen: Endpoint?
    /// Where it may connect to. Its own addresses are added when it starts.
    public var egress = EgressConfiguration()
    /// Whose tokens it accepts.
    public var identity = IdentitySettings()
    /// What it logs.
    public var log = LogSettings()
    /// Most connections at once.
    public var connectionsMax = ServerLimits.connectionsDefault
    /// Longest time one call may take.
    public var deadlineMax = Duration.seconds(ServerLimits.deadlineSecondsDefault)
    /// How long calls in flight get to end.
    public var drain = Duration.seconds(ServerLimits.drainSecondsDefault)

    /// Makes settings with defaults for all but the places.
    public init(dataDirectory: String, listen: [Endpoint] = [listenDefault]) {
        self.dataDirectory = dataDirectory
        self.listen = listen
    }
}
