// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ProtobufC

/// A request that changes something and may carry a `request_id`.
protocol MutationRequest: ProtobufMessage {
    var requestID: String { get set }
}

/// One changing call: how it is told apart from a repeat, and whether it is meant.
struct Mutation<Response: ProtobufMessage>: Sendable {
    let scope: CallScope
    /// Empty = every call counts on its own.
    let requestID: String
    let isRehearsal: Bool
    /// A digest of the request; empty without a `request_id`.
    let payloadHash: [UInt8]

    /// Joins what tells a call apart.
    init(scope: CallScope, requestID: String, isRehearsal: Bool, payloadHash: [UInt8]) {
        self.scope = scope
        self.requestID = requestID
        self.isRehearsal = isRehearsal
        self.payloadHash = payloadHash
    }

    /// Reads the `request_id` off a request.
    init(
        _ request: some MutationRequest, answering: Response.Type = Response.self, scope: CallScope,
        validateOnly: Bool = false
    ) throws(DomainError) {
        let requestID = request.requestID
        guard requestID.utf8.count <= DomainLimits.requestIDBytesMax,
            requestID.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalid("request_id", "must be at most 36 visible ASCII characters; a UUID fits")
        }
        self.scope = scope
        self.requestID = requestID
        isRehearsal = validateOnly
        payloadHash = requestID.isEmpty ? [] : ContentHash.sha256(request.encode())
    }

    /// The answer an earlier call with this `request_id` got.
    func replay(in context: StoreContext<some StoreAccess>) throws -> Response? {
        guard !requestID.isEmpty, !isRehearsal else { return nil }
        let stored = try context.requestIDs.lookup(
            principal: scope.caller.principalID, method: scope.method, requestID: requestID,
            payloadHash: payloadHash)
        return try stored.map { try Response.decode($0) }
    }

    /// Keeps the answer for repeats, in the transaction that made it true.
    func remember(_ response: Response, in context: WriteContext) throws {
        guard !requestID.isEmpty, !isRehearsal else { return }
        try context.requestIDs.insert(
            principal: scope.caller.principalID, method: scope.method, requestID: requestID,
            payloadHash: payloadHash, response: response.encode(), at: scope.now)
    }
}

/// Carries the answer of a rehearsal out of the transaction that is rolled back for it.
private struct Rehearsed<Response: ProtobufMessage>: Error {
    let response: Response
}

extension ServiceEnvironment {
    /// Looks for the answer of an earlier call without taking the writer, so that a repeat asks no tracker.
    func replay<Response>(_ mutation: Mutation<Response>) async throws -> Response? {
        guard !mutation.requestID.isEmpty else { return nil }
        return try await store.read(mutation.scope.tenantID) { try mutation.replay(in: $0) }
    }

    /// Runs a change once: a repeat gets the first answer, a rehearsal is rolled back.
    func commit<Response>(
        _ mutation: Mutation<Response>, _ body: @escaping @Sendable (WriteContext) throws -> Response
    ) async throws -> Response {
        do {
            return try await store.write(mutation.scope.tenantID) { context in
                if let earlier = try mutation.replay(in: context) { return earlier }
                let response = try body(context)
                if mutation.isRehearsal { throw Rehearsed(response: response) }
                try mutation.remember(response, in: context)
                try answerRetention.purge(at: mutation.scope.now, in: context)
                return response
            }
        } catch let rehearsed as Rehearsed<Response> {
            return rehearsed.response
        }
    }
}
