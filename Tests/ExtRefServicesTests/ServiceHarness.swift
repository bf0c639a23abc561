// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefSync
import ExtRefTrackers
import PatternMatching
import ProtobufC
import RPC
import SQLiteEngine
import Synchronization

@testable import ExtRefServices

/// Both services over a real SQLite file and trackers in memory, called through the router without a socket.
struct ServiceHarness: Sendable {
    static let tenant = TenantID(trusted: "acme")
    static let project = "P1"

    let store: Store
    let redmine = FakeRedmine()
    let sites: FakeSites
    /// What the store stands on; it dies and comes back when a test says so.
    let engine: MortalEngine
    let environment: ServiceEnvironment
    /// Writes to trackers.
    let jobs: JobRunner
    /// Keeps sources in step; runs when a test has it run.
    let syncs: JobRunner
    let changes: ChangeHub
    let time: TestClock
    private let router: Router

    /// - Parameters:
    ///   - registry: the providers there are.
    ///   - network: the trackers; nil = ``redmine`` and ``sites``.
    ///   - clock: what waits for trackers and for changes are measured by.
    ///   - watchesMax: most calls that may wait for changes.
    init(
        registry: TrackerRegistry = .standard, network: (any HTTPTransport)? = nil,
        clock: any Clock<Duration> = ContinuousClock(), time: TestClock = TestClock(),
        watchesMax: Int = SyncLimits.feedWatchesMax
    ) throws {
        self.time = time
        let engine = MortalEngine(try SQLiteEngine.temporary())
        self.engine = engine
        store = try Store(engine)
        changes = ChangeHub(observing: store, clock: clock, watchesMax: watchesMax)
        sites = FakeSites(clock: time.now, onStop: { engine.die() })
        let ring = KeyRing.generated()
        let sealer = SecretSealer(keyRing: ring)
        let drift = DriftMemory()
        let vault = StoreTokenVault(store: store, sealer: sealer, clock: time.now)
        environment = ServiceEnvironment(
            store: store,
            trackers: TrackerRunner(
                registry: registry, transport: network ?? FakeNetwork(redmine: redmine, sites: sites),
                gate: store.sourceGate, drift: drift, vault: vault,
                signer: RSATokenSigner(), clock: clock, wallClock: time.now),
            registry: registry, patterns: PatternCache(), sealer: sealer,
            pageTokens: PageTokenSealer(keyRing: ring),
            addressGate: { url in
                url.contains("forbidden.example")
                    ? DomainError(.failedPrecondition, .egressDenied, "The operator's policy refuses this.")
                    : nil
            },
            changes: changes, drift: drift, clock: time.now)
        jobs = JobRunner(
            store: store, handler: ServiceJobs(environment), kinds: Self.writingKinds, name: "test",
            wallClock: time.now)
        syncs = JobRunner(
            store: store, handler: ServiceJobs(environment), kinds: [.syncSource], name: "test",
            places: SyncLimits.passesAtOnceMax, wallClock: time.now)
        let admin = AdminServiceMethods.bindings(AdminService(environment))
        let links = LinkServiceMethods.bindings(LinkService(environment))
        router = Router(
            table: try MethodTable(admin + links), interceptors: [FailureInterceptor(), CallerFromMetadata()])
    }

    /// Lets the services' clock run.
    func advance(_ duration: Duration) { time.advance(duration) }

    func admin(_ who: TestCaller = .tenantAdmin) -> AdminServiceClient<CallerChannel> {
        AdminServiceClient(channel: CallerChannel(base: InProcessChannel(router: router), caller: who))
    }

    func links(_ who: TestCaller = .tester) -> LinkServiceClient<CallerChannel> {
        LinkServiceClient(channel: CallerChannel(base: InProcessChannel(router: router), caller: who))
    }

    /// Adds the source most tests need.
    @discardableResult
    func addRedmine(
        _ name: String = "Our tracker", base: String = "https://redmine.example.com",
        edit: (inout ExtRefMessages.Source) -> Void = { _ in }
    ) async throws -> ExtRefMessages.Source {
        var source = ExtRefMessages.Source(provider: "redmine", displayName: name, baseURL: base)
        source.authentication = Authentication(method: "api_key", secrets: ["api_key": "good-key"])
        edit(&source)
        let response = try await admin().createSource(CreateSourceRequest(source: source))
        return response.source ?? source
    }

    /// Links a test object, by key unless told otherwise.
    func link(
        _ object: String = "TC-1", key: String = "1", relation: String = "Defect", note: String = "",
        requestID: String = "", as who: TestCaller = .tester
    ) async throws -> CreateLinkResponse {
        try await links(who).createLink(
            CreateLinkRequest(
                projectID: Self.project, link: Self.draft(object, key: key, relation: relation, note: note),
                requestID: requestID))
    }

    static func draft(
        _ object: String = "TC-1", key: String = "1", relation: String = "Defect", note: String = ""
    ) -> LinkDraft {
        LinkDraft(
            object: ObjectRef(kind: "case", id: object),
            target: ExtRefMessages.LinkTarget(target: .key(SourceKey(key: key))), relationName: relation,
            note: note)
    }
}

/// Who calls in a test; stands for a verified token.
enum TestCaller: String, Sendable, CaseIterable {
    case tenantAdmin, projectAdmin, tester, otherTester, reader, otherProjectAdmin, otherTenantAdmin
    case gateway, otherGateway

    var caller: Caller {
        let p1 = ProjectID(trusted: "P1")
        let p2 = ProjectID(trusted: "P2")
        let id = PrincipalID(trusted: rawValue)
        let tenant = ServiceHarness.tenant
        return switch self {
        case .tenantAdmin: Caller(tenantID: tenant, principalID: id, isTenantAdmin: true)
        case .projectAdmin: Caller(tenantID: tenant, principalID: id, projectRoles: [p1: .projectAdmin])
        case .tester, .otherTester: Caller(tenantID: tenant, principalID: id, projectRoles: [p1: .link])
        case .reader: Caller(tenantID: tenant, principalID: id, projectRoles: [p1: .read])
        case .otherProjectAdmin: Caller(tenantID: tenant, principalID: id, projectRoles: [p2: .projectAdmin])
        case .otherTenantAdmin:
            Caller(tenantID: TenantID(trusted: "rival"), principalID: id, isTenantAdmin: true)
        case .gateway: Caller(tenantID: tenant, principalID: id, scopes: ["webhook.ingest"])
        case .otherGateway:
            Caller(tenantID: TenantID(trusted: "rival"), principalID: id, scopes: ["webhook.ingest"])
        }
    }
}

/// Puts the test's caller where the authentication interceptor would, and applies the permission table.
struct CallerFromMetadata: ServerInterceptor {
    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        guard let caller = call.context.metadata["x-caller"].flatMap(TestCaller.init)?.caller,
            let permission = PermissionTable.entries[call.context.descriptor.description]
        else { throw DomainError(.unauthenticated, .tokenMissing, "no caller") }
        guard permission.admits(caller) else { throw DomainError.denied() }
        var admitted = call
        admitted.context[CallerKey.self] = caller
        return try await next(admitted)
    }
}

/// Calls as one caller.
struct CallerChannel: RPCChannel {
    let base: InProcessChannel
    let caller: TestCaller

    func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        var options = options
        options.metadata.append("x-caller", caller.rawValue)
        return try await base.unary(method, request: request, response: response, options: options)
    }
}

/// Leads each request to the tracker at its host.
struct FakeNetwork: HTTPTransport {
    let redmine: FakeRedmine
    let sites: FakeSites

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let isRedmine = request.url.contains("redmine") || request.url.contains("evil")
        return try await isRedmine ? redmine.send(request) : sites.send(request)
    }
}

/// A wall clock that moves only when told to.
final class TestClock: Sendable {
    private let milliseconds = Atomic<Int64>(1_795_000_000_000)

    var now: WallClock {
        { [self] in Timestamp(milliseconds: milliseconds.load(ordering: .relaxed)) }
    }

    func advance(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        milliseconds.add(seconds * 1_000 + attoseconds / 1_000_000_000_000_000, ordering: .relaxed)
    }
}
