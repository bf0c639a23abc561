// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct ContractTests {
    @Test func everyMethodHasAPermission() {
        #expect(Contract.methods.count > 40, "the scanner lost the services")
        let missing = PermissionTable.missing(from: Contract.methods)
        #expect(missing.isEmpty, "add to PermissionTable.entries: \(missing)")
    }

    @Test func everyPermissionBelongsToAMethod() {
        let unknown = Set(PermissionTable.entries.keys).subtracting(Contract.methods).sorted()
        #expect(unknown.isEmpty, "no .proto file declares: \(unknown)")
    }

    @Test func onlyHealthIsOpenToAnyone() {
        let open = PermissionTable.entries.filter { $0.value == .anyone }.keys.sorted()
        #expect(open == ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"])
    }

    @Test func reasonsAreTheSameInCodeContractAndDocumentation() {
        let code = Set(ErrorReason.allCases.map(\.rawValue))
        #expect(code.count > 40)
        #expect(code.symmetricDifference(Contract.reasons).sorted() == [], "ErrorReason against errors.proto")
        #expect(
            code.symmetricDifference(Contract.explainedReasons).sorted() == [],
            "ErrorReason against docs/errors.md")
    }

    @Test func reasonsFitTheWire() {
        // google.rpc.ErrorInfo allows 63 characters of A-Z, 0-9 and _.
        for reason in ErrorReason.allCases {
            let isUpper = reason.rawValue.allSatisfy { $0.isUppercase || $0 == "_" }
            #expect(isUpper && reason.rawValue.count <= 63)
        }
    }
}
