// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC
import RPCMessages
import Synchronization
import Testing

/// Router, interceptors and failure mapping, through the in-process channel: the same path as over a network.
@Suite struct RouterTests {
    @Test func passesInterceptorsInOrderAndBackAgain() async throws {
        let log = EventLog()
        let router = try Fixture.router(
            interceptors: [Recorder(name: "outer", log: log), Recorder(name: "inner", log: log)]
        ) { request, _ in
            log.add("handler \(request.service)")
            return request
        }
        let reply = try await Fixture.call(router, "x")
        #expect(reply.service == "x")
        #expect(log.events == ["outer in", "inner in", "handler x", "inner out", "outer out"])
    }

    @Test func handsDownWhatInterceptorsFoundOut() async throws {
        let router = try Fixture.router(interceptors: [NameTag()]) { _, context in
            HealthCheckRequest(service: context[NameTag.Key.self] ?? "nobody")
        }
        #expect(try await Fixture.call(router, "x", metadata: ["X-Actor": "Ann"]).service == "Ann")
    }

    @Test func anInterceptorCanRefuseBeforeAnythingIsDecoded() async throws {
        let router = try Fixture.router(interceptors: [Refuser()]) { request, _ in request }
        let binding = try #require(router.table.bindings.first)
        let call = ServerCall(
            binding: binding, payload: [0xff], context: CallContext(descriptor: binding.descriptor))
        let error = await #expect(throws: RPCError.self) { try await router.handle(call) }
        #expect(error?.code == .unauthenticated)
    }

    @Test func bytesThatDoNotDecodeAreTheCallersFault() async throws {
        let router = try Fixture.router { request, _ in request }
        let binding = try #require(router.table.bindings.first)
        let call = ServerCall(
            binding: binding, payload: [0x0a, 0x01, 0xff],
            context: CallContext(descriptor: binding.descriptor))
        let error = await #expect(throws: RPCError.self) { try await router.handle(call) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.detail(GoogleRPCBadRequest.self)?.fieldViolations.map(\.field) == ["service"])
    }

    @Test func anErrorNobodyExpectedIsToldByAnIncidentOnly() async throws {
        let incidents = EventLog()
        let report: @Sendable (Incident) -> Void = { incidents.add("\($0.id) \($0.error) \($0.descriptor)") }
        let router = try Fixture.router(onIncident: report) { _, _ in throw Secret(text: "password") }
        let error = await #expect(throws: RPCError.self) { try await Fixture.call(router, "x") }
        #expect(error?.code == .internalError)
        #expect(error?.message.contains("password") == false)
        let id = try #require(error?.detail(GoogleRPCErrorInfo.self)?.metadata["incident"])
        #expect(id.count == 16 && error?.message.contains(id) == true)
        #expect(incidents.events == ["\(id) Secret(text: \"password\") t.T/Echo"])
    }

    @Test func anErrorThatKnowsItsFaceShowsIt() async throws {
        let router = try Fixture.router { _, _ in throw Known() }
        let error = await #expect(throws: RPCError.self) { try await Fixture.call(router, "x") }
        #expect(error?.code == .alreadyExists)
    }

    @Test func aDeadlineCancelsTheHandlerAndIsAnsweredOnce() async throws {
        let log = EventLog()
        let router = try Fixture.router { request, _ in
            await withTaskCancellationHandler {
                await Fixture.untilCancelled()
            } onCancel: {
                log.add("cancelled")
            }
            return request
        }
        let error = await #expect(throws: RPCError.self) {
            try await Fixture.call(router, "x", timeout: .milliseconds(1))
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(log.events == ["cancelled"])
    }

    @Test func aDeadlineThatHasPassedNeverReachesTheHandler() async throws {
        let log = EventLog()
        let router = try Fixture.router { request, _ in
            log.add("entered")
            return request
        }
        let error = await #expect(throws: RPCError.self) {
            try await Fixture.call(router, "x", timeout: .seconds(-1))
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(log.events.isEmpty)
    }

    @Test func theHandlerSeesTheDeadlineThatTheCallerSet() async throws {
        let router = try Fixture.router { _, context in
            let left = context.deadline.map { ContinuousClock.now.duration(to: $0) } ?? .zero
            return HealthCheckRequest(service: left > .zero && left <= .seconds(10) ? "good" : "bad")
        }
        #expect(try await Fixture.call(router, "x", timeout: .seconds(10)).service == "good")
    }

    @Test func metadataHasItsLimitsInProcessToo() async throws {
        let router = try Fixture.router { request, _ in request }
        var metadata = RPCMetadata()
        for index in 0...RPCLimits.metadataEntriesMax { metadata.append("k\(index)", "v") }
        let error = await #expect(throws: RPCError.self) {
            try await Fixture.call(router, "x", metadata: metadata)
        }
        #expect(error?.code == .resourceExhausted)
    }

    @Test func unknownAndStreamingMethodsAreUnimplemented() async throws {
        let router = try Fixture.router { request, _ in request }
        for method in ["None", "Feed"] {
            let descriptor = MethodDescriptor(service: "t.T", method: method, kind: .unary)
            let error = await #expect(throws: RPCError.self) {
                try await InProcessChannel(router: router).unary(
                    descriptor, request: HealthCheckRequest(), response: HealthCheckRequest.self,
                    options: CallOptions())
            }
            #expect(error?.code == .unimplemented)
        }
    }
}

private struct Secret: Error { let text: String }

private struct Known: RPCErrorConvertible {
    var rpcError: RPCError { RPCError(.alreadyExists, "it exists") }
}

private struct Recorder: ServerInterceptor {
    let name: String
    let log: EventLog

    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        log.add("\(name) in")
        let response = try await next(call)
        log.add("\(name) out")
        return response
    }
}

private struct NameTag: ServerInterceptor {
    enum Key: CallContextKey { typealias Value = String }

    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        var call = call
        call.context[Key.self] = call.context.metadata["x-actor"]
        return try await next(call)
    }
}

private struct Refuser: ServerInterceptor {
    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        throw RPCError(.unauthenticated, "no")
    }
}
