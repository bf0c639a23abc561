// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC
import RPCMessages
import Testing

@Suite struct RPCErrorTests {
    @Test func codesAreTheStandardNumbers() {
        let names = (0...16).map { RPCCode(rawValue: $0).description }
        #expect(names[0] == "OK" && names[3] == "INVALID_ARGUMENT" && names[16] == "UNAUTHENTICATED")
        #expect(Set(names).count == 17)
        #expect(RPCCode.unavailable.rawValue == 14 && RPCCode.internalError.rawValue == 13)
        #expect(RPCCode(rawValue: 42).description == "CODE_42")
    }

    @Test(arguments: [-1, 0, 17, 42]) func neverSendsACodeThatStockClientsReadAsSuccess(_ code: Int32) {
        #expect(RPCError(RPCCode(rawValue: code), "odd").status.code == RPCCode.unknown.rawValue)
    }

    @Test func survivesTheWire() throws {
        let error = RPCError(.aborted, "stale").withReason("ETAG_MISMATCH", metadata: ["etag": "7"])
            .withRetry(after: .milliseconds(1500)).withResource(type: "link", name: "lnk_1", description: "d")
            .withPrecondition(type: "ETAG", subject: "lnk_1", description: "stale")
        let status = try GoogleRPCStatus.decode(error.status.encode())
        let received = try #require(RPCError(status))
        #expect(received.code == .aborted && received.message == "stale")
        #expect(received.reason == "ETAG_MISMATCH")
        #expect(received.detail(GoogleRPCErrorInfo.self)?.domain == "extref")
        #expect(received.detail(GoogleRPCErrorInfo.self)?.metadata == ["etag": "7"])
        #expect(received.retryDelay == .milliseconds(1500))
        #expect(received.detail(GoogleRPCResourceInfo.self)?.resourceName == "lnk_1")
        #expect(received.detail(GoogleRPCPreconditionFailure.self)?.violations.first?.type == "ETAG")
        #expect(received.detail(GoogleRPCBadRequest.self) == nil)
    }

    @Test func aStatusOfSuccessIsNoError() {
        #expect(RPCError(GoogleRPCStatus()) == nil)
    }

    @Test func tellsAllFieldsThatAreWrong() throws {
        let error = RPCError.badRequest(
            "two", violations: [("link.url", "is empty"), ("page_size", "is negative")])
        #expect(error.code == .invalidArgument && error.reason == "FIELD_INVALID")
        let fields = try #require(error.detail(GoogleRPCBadRequest.self)).fieldViolations
        #expect(fields.map(\.field) == ["link.url", "page_size"])
        #expect(fields.map(\.description) == ["is empty", "is negative"])
    }

    @Test(arguments: [
        (DecodeError.Code.invalidUTF8, RPCCode.invalidArgument), (.malformed, .invalidArgument),
        (.depth, .invalidArgument), (.memoryBudget, .resourceExhausted), (.outOfMemory, .resourceExhausted),
    ]) func refusedBytesAreTheCallersFaultUnlessTheyCostTooMuch(_ code: DecodeError.Code, _ expected: RPCCode)
    {
        let error = RPCError(DecodeError(code: code, fieldPath: "link.note", message: "m"))
        #expect(error.code == expected)
        if expected == .invalidArgument {
            #expect(error.detail(GoogleRPCBadRequest.self)?.fieldViolations.map(\.field) == ["link.note"])
        }
    }
}
