// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages

/// A failed call in words: what happened, which fields, why, and what helps.
struct FailureReport: Sendable {
    private let error: RPCError
    private let info: GoogleRPCErrorInfo?
    private let address: String

    init(_ error: RPCError, address: String) {
        self.error = error
        self.address = address
        info = error.detail(GoogleRPCErrorInfo.self)
    }

    /// For people, on standard error.
    func lines(for terminal: Terminal) -> [String] {
        let headline = Style.bad.paint("error:", on: terminal) + " " + TextWidth.printable(error.message)
        var sheet = Sheet()
        sheet.add("  code", error.code.description)
        sheet.add("  reason", info?.reason ?? "")
        for (field, description) in violations { sheet.add("  field", "\(field): \(description)") }
        for (name, value) in metadata { sheet.add("  \(name)", value) }
        if let delay = error.retryDelay { sheet.add("  retry after", "\(delay)") }
        sheet.add("  help", FailureHelp.sentence(reason: info?.reason, code: error.code, address: address))
        return [headline] + sheet.lines(for: terminal)
    }

    /// For programs, on standard error: the same as one JSON object.
    var json: JSONNode { .object([JSONNode.Member("error", error.json)]) }

    private var violations: [(field: String, description: String)] {
        (error.detail(GoogleRPCBadRequest.self)?.fieldViolations ?? []).map { ($0.field, $0.description) }
    }

    private var metadata: [(key: String, value: String)] {
        (info?.metadata ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
