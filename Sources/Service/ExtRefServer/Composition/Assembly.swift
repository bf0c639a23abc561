// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefGateway
import ExtRefMessages
import ExtRefSecurity
import ExtRefServices
import ExtRefStore
import ExtRefSync
import ExtRefTrackers
import Logging
import Metrics
import PatternMatching
import RPC
import RPCMessages
import RPCServer
import SQLEngine
import SQLiteEngine
import TTRPC

/// The parts of a server, opened and tied together. The only place that knows them all.
struct Assembly {
    let settings: ServerSettings
    let logger: Logger
    let clock: WallClock
    let store: Store
    let keys: Keys
    let isNewAdminToken: Bool
    let http: HTTPClient
    let changes: ChangeHub
    private let environment: ServiceEnvironment

    /// Opens database, keys and HTTP client.
    static func open(
        _ settings: ServerSettings, logger: Logger, clock: @escaping WallClock, pauses: any Clock<Duration>
    ) async throws(StartError) -> Assembly {
        let directory = try DataDirectory(settings.dataDirectory)
        let store = try openStore(directory)
        do throws(StartError) {
            let (keys, isNewAdminToken) = try await Keys.open(
                directory, store: store, identity: settings.identity, now: clock())
            return Assembly(
                settings: settings, logger: logger, clock: clock, pauses: pauses, store: store, keys: keys,
                isNewAdminToken: isNewAdminToken)
        } catch {
            try? store.close()
            throw error
        }
    }

    private init(
        settings: ServerSettings, logger: Logger, clock: @escaping WallClock, pauses: any Clock<Duration>,
        store: Store, keys: Keys, isNewAdminToken: Bool
    ) {
        self.settings = settings
        self.logger = logger
        self.clock = clock
        self.store = store
        self.keys = keys
        self.isNewAdminToken = isNewAdminToken
        var egress = settings.egress
        egress.ownAddresses.formUnion(OwnAddresses.read())
        let policy = OperatorEgressPolicy(egress)
        http = HTTPClient(egress: policy)
        changes = ChangeHub(observing: store, clock: pauses)
        let registry = TrackerRegistry.standard
        let traffic = TrafficGovernor(wallClock: clock)
        let driftLog = DriftLog(logger: logger, metrics: MetricsSystem.factory)
        let drift = DriftMemory(report: { driftLog.note($0) })
        let trackers = TrackerRunner(
            registry: registry, transport: http, traffic: traffic, gate: store.sourceGate, drift: drift,
            vault: StoreTokenVault(store: store, sealer: keys.sealer, clock: clock), signer: RSATokenSigner(),
            wallClock: clock)
        environment = ServiceEnvironment(
            store: store, trackers: trackers,
            registry: registry, patterns: PatternCache(), sealer: keys.sealer, pageTokens: keys.pageTokens,
            addressGate: { policy.refusal(of: $0) }, changes: changes, traffic: traffic.state,
            drift: drift, clock: clock)
    }

    private static func openStore(_ directory: DataDirectory) throws(StartError) -> Store {
        do {
            return try Store(try SQLiteEngine(path: directory.file(DataDirectory.databaseName)))
        } catch let error as SQLError {
            throw StartError(.store, "The database cannot be opened: \(error).", cause: error)
        } catch {
            throw StartError(.store, "The database cannot be used: \(error).", cause: error)
        }
    }

    /// Lets go of what was opened, after a start that failed.
    func close() {
        http.shutDown()
        try? store.close()
    }
}

// MARK: Jobs

extension Assembly {
    /// What does the jobs that calls leave behind, and what keeps sources in step. Apart, so that neither
    /// waits for the other's trackers.
    func makeJobRunners(pauses: any Clock<Duration>) -> [JobRunner] {
        [
            makeJobRunner([.backLink, .resolveCreation], places: SyncLimits.jobsAtOnceMax, pauses),
            makeJobRunner([.syncSource], places: SyncLimits.passesAtOnceMax, pauses),
        ]
    }

    private func makeJobRunner(
        _ kinds: Set<Job.Kind>, places: Int, _ pauses: any Clock<Duration>
    ) -> JobRunner {
        JobRunner(
            store: store, handler: ServiceJobs(environment), kinds: kinds, name: "extrefd", places: places,
            clock: pauses, wallClock: clock, report: { [logger] in logger.log($0) })
    }
}

// MARK: HTTP

extension Assembly {
    /// What follows the change feed over HTTP.
    func makeChangeStreams(_ router: Router, pauses: any Clock<Duration>) -> ChangeStreams {
        ChangeStreams(router: router, authenticator: keys.authenticator, clock: clock, pauses: pauses)
    }

    /// Opens the HTTP listener; nil when none is wanted.
    func listenHTTP(
        _ streams: ChangeStreams, pauses: any Clock<Duration>
    ) async throws(StartError) -> HTTPGateway? {
        let address: HTTPGateway.Address
        switch settings.httpListen {
        case nil: return nil
        case .tcp(let host, let port): address = .tcp(host: host, port: port)
        case .unix(let path): address = .unix(path: path)
        }
        do {
            return try await HTTPGateway.start(
                on: address,
                webhooks: GatewayWebhooks(intake: WebhookIntake(environment), logger: logger),
                changes: GatewayChanges(streams: streams), clock: pauses)
        } catch {
            throw StartError(.listen, "The HTTP listener cannot be opened: \(error).", cause: error)
        }
    }
}

// MARK: Calls

extension Assembly {
    private static let services = [
        AdminServiceMethods.serviceName, LinkServiceMethods.serviceName, MetaServiceMethods.serviceName,
    ]

    /// Every method of every service, streaming ones included: each needs a permission.
    private static let methods =
        AdminServiceMethods.all + LinkServiceMethods.all + MetaServiceMethods.all + HealthMethods.all

    /// The health that the listeners tell, until one listens: not serving.
    func makeHealth() -> HealthState { HealthState(services: Self.services) }

    /// Opens the listeners; the server is healthy from now on.
    func listen(
        _ router: Router, _ health: HealthState
    ) async throws(StartError) -> (rpc: RPCServer, addresses: [Endpoint]) {
        let rpc = RPCServer(
            router: router, configuration: configuration, health: health,
            observer: ConnectionLog(logger: logger))
        do throws(ServerError) {
            let addresses = try await rpc.bind()
            health.setAll(.serving)
            return (rpc, addresses)
        } catch {
            throw StartError(.listen, error.description, cause: error)
        }
    }

    /// What takes calls to their handlers.
    func makeRouter(_ health: HealthState) throws(StartError) -> Router {
        let bindings =
            AdminServiceMethods.bindings(AdminService(environment))
            + LinkServiceMethods.bindings(LinkService(environment))
            + MetaServiceMethods.bindings(MetaService(serverVersion: ServerVersion.text))
            + HealthMethods.bindings(HealthService(health))
        do {
            let table = try MethodTable(bindings, describing: Self.methods)
            // Failures are put into the wire's words inside the log and outside of everything that throws
            // them.
            let interceptors: [any ServerInterceptor] = [
                CallLog(logger: logger), FailureInterceptor(),
                try AuthenticationInterceptor(
                    methods: Self.methods, authenticator: keys.authenticator, clock: clock),
            ]
            return Router(
                table: table, interceptors: interceptors, onIncident: { [logger] in logger.log($0) })
        } catch let error as DomainError {
            throw StartError(.composition, error.message, cause: error)
        } catch {
            throw StartError(.composition, "\(error)", cause: error)
        }
    }

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration(listen: settings.listen)
        configuration.connectionsMax = settings.connectionsMax
        configuration.connection.deadlines.longest = settings.deadlineMax
        configuration.drainDuration = settings.drain
        return configuration
    }
}

extension OperatorEgressPolicy {
    /// Why an address may not be configured; nil = it may.
    fileprivate func refusal(of url: String) -> DomainError? {
        do throws(EgressDenial) {
            _ = try judge(baseURL: url)
            return nil
        } catch {
            return .precondition(
                .egressDenied, subject: url, error.message, metadata: ["rule": error.rule.rawValue])
        }
    }
}
