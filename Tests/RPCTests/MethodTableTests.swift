// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages
import Testing

@Suite struct MethodTableTests {
    private static func binding(_ service: String, _ method: String) -> MethodBinding {
        MethodBinding(MethodDescriptor(service: service, method: method, kind: .unary)) {
            (request: HealthCheckRequest, _) in request
        }
    }

    @Test func findsEachMethodByItsBytes() throws {
        let names = [("a.A", "One"), ("a.A", "Two"), ("a.B", "One")]
        let table = try MethodTable(names.map(Self.binding))
        for (service, method) in names {
            let found = table.find(service: service.utf8.span, method: method.utf8.span).descriptor
            #expect(found == MethodDescriptor(service: service, method: method, kind: .unary))
        }
    }

    @Test(arguments: [
        ("a.A", "Three"), ("a.C", "One"), ("", ""), ("a.A/One", ""), ("a", ".A/One"), ("a.A", "one"),
    ])
    func findsNothingElse(_ service: String, _ method: String) throws {
        let table = try MethodTable([Self.binding("a.A", "One")])
        let byBytes = table.find(service: service.utf8.span, method: method.utf8.span).descriptor
        #expect(byBytes == nil)
        let descriptor = MethodDescriptor(service: service, method: method, kind: .unary)
        #expect(table.find(descriptor).descriptor == nil)
    }

    @Test func aMethodRegisteredTwiceIsRefusedAtTheStart() {
        #expect(throws: MethodTable.Conflict.self) {
            try MethodTable([
                Self.binding("a.A", "One"), Self.binding("a.A", "Two"), Self.binding("a.A", "One"),
            ])
        }
    }

    @Test func tellsStreamingMethodsFromUnknownOnes() throws {
        let watch = MethodDescriptor(service: "a.A", method: "Watch", kind: .serverStreaming)
        let table = try MethodTable([Self.binding("a.A", "One")], describing: [watch])
        #expect(table.find(watch).isStreaming)
        for (service, method) in [("a.A", "Watch"), ("a.A/W", "atch"), ("a.A", "Watcher")] {
            let isStreaming = table.find(service: service.utf8.span, method: method.utf8.span).isStreaming
            #expect(isStreaming == (method == "Watch"))
        }
    }
}

extension MethodTable.Match {
    fileprivate var descriptor: MethodDescriptor? {
        if case .unary(let binding) = self { binding.descriptor } else { nil }
    }

    fileprivate var isStreaming: Bool {
        if case .streaming = self { true } else { false }
    }
}
