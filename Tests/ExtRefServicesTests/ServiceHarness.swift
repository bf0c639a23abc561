// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers
import PatternMatching
import ProtobufC
import RPC
import SQLiteEngine
import Synchronization

@testable import ExtRefServices

/// Both services over a real SQLite file and a tracker in memory, called through the router without a socket.
struct ServiceHarness: Sendable {
    static let tenant = TenantID(trusted: "acme")
    static let project = "P1"

    let store: Store
    let redmine = FakeRedmine()
    let environment: ServiceEnvironment
    private let router: Router
    private let time = TestClock()

    init() throws {
        store = try Store(SQLiteEngine.temporary())
        let ring = KeyRing.generated()
        let patterns = PatternCache()
        environment = ServiceEnvironment(
            store: store, trackers: TrackerRunner(transport: redmine), registry: .standard,
            patterns: patterns,
            sealer: SecretSealer(keyRing: ring), pageTokens: PageTokenSealer(keyRing: ring),
            addressGate: { url in
                url.contains("forbidden.example")
                    ? DomainError(.failedPrecondition, .egressDenied, "The operator's policy refuses this.")
                    : nil
            },
            clock: time.now)
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

/// A wall clock that moves only when told to.
final class TestClock: Sendable {
    private let milliseconds = Atomic<Int64>(1_795_000_000_000)

    var now: WallClock {
        { [self] in Timestamp(milliseconds: milliseconds.load(ordering: .relaxed)) }
    }

    func advance(_ duration: Duration) {
        milliseconds.add(duration.components.seconds * 1_000, ordering: .relaxed)
    }
}
