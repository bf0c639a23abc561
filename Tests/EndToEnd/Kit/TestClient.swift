// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ProtobufC
import RPC
import RPCClient
import RPCMessages
import Testing

/// One caller: typed clients that carry its token.
struct TestClient: Sendable {
    let admin: AdminServiceClient<TokenChannel>
    let links: LinkServiceClient<TokenChannel>

    init(channel: RPCClient, token: String?) {
        let channel = TokenChannel(base: channel, token: token)
        admin = AdminServiceClient(channel: channel)
        links = LinkServiceClient(channel: channel)
    }

    /// The same connections with another token.
    func with(token: String) -> TestClient {
        TestClient(channel: links.channel.base, token: token)
    }
}

/// Adds a bearer token to every call.
struct TokenChannel: RPCChannel {
    let base: RPCClient
    let token: String?

    func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        var options = options
        if let token { options.metadata.set("authorization", "Bearer \(token)") }
        return try await base.unary(method, request: request, response: response, options: options)
    }
}

/// What the other side must answer instead of a response.
struct Refusal: Sendable {
    let code: RPCCode
    let reason: String
    /// The field a `BadRequest` must name; nil = the failure is about no field.
    var field: String?

    init(_ code: RPCCode, _ reason: String, field: String? = nil) {
        self.code = code
        self.reason = reason
        self.field = field
    }

    /// Makes the call and checks how it is refused.
    @discardableResult
    func check(
        sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Void
    ) async throws -> RPCError {
        let error = try await #require(throws: RPCError.self, sourceLocation: sourceLocation) {
            try await call()
        }
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(error.reason == reason, "\(error)", sourceLocation: sourceLocation)
        let fields = error.detail(GoogleRPCBadRequest.self)?.fieldViolations.map(\.field) ?? []
        if let field {
            #expect(fields.contains(field), "\(fields)", sourceLocation: sourceLocation)
        } else {
            #expect(fields == [], sourceLocation: sourceLocation)
        }
        return error
    }
}
