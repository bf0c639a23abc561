// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages
import Testing

@testable import extref

@Suite struct FailureReportTests {
    private static let pipe = Terminal(columns: nil, hasColors: false)

    @Test func `people read message, code, reason, every field and what helps`() {
        let error = RPCError(.invalidArgument, "link.note: is too long (and 1 more)")
            .withReason("FIELD_INVALID")
            .with(
                GoogleRPCBadRequest(fieldViolations: [
                    .init(field: "link.note", description: "is too long"),
                    .init(field: "project_id", description: "is required"),
                ]))
        #expect(
            FailureReport(error, address: "a:1").lines(for: Self.pipe) == [
                "error: link.note: is too long (and 1 more)", "  code    INVALID_ARGUMENT",
                "  reason  FIELD_INVALID",
                "  field   link.note: is too long", "  field   project_id: is required",
            ])
    }

    @Test func `a server that is not there is named`() {
        let lines = FailureReport(RPCError(.unavailable, "connection refused"), address: "h:7400").lines(
            for: Self.pipe)
        #expect(lines.last?.contains("h:7400") == true)
    }

    @Test func `reasons with a way out name it`() {
        let error = RPCError(.failedPrecondition, "x").withReason("NO_SOURCE_CONFIGURED")
        let lines = FailureReport(error, address: "").lines(for: Self.pipe)
        #expect(lines.last?.contains("extref sources create") == true)
    }

    @Test func `programs get the same as JSON`() {
        let error = RPCError(.aborted, "changed")
            .withReason("ETAG_MISMATCH", metadata: ["current_etag": "7"]).withRetry(
                after: .milliseconds(1_500))
        #expect(
            FailureReport(error, address: "").json.line
                == #"{"error": {"code": "ABORTED", "message": "changed", "reason": "ETAG_MISMATCH", "#
                + #""metadata": {"current_etag": "7"}, "retryDelay": "1.500s"}}"#)
    }
}
