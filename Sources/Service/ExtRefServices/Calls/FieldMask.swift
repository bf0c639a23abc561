// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import RPCMessages

/// The fields a caller wants changed, each one known and writable (AIP-161).
struct FieldMask<Field: RawRepresentable<String> & CaseIterable & Hashable> {
    let fields: Set<Field>

    /// Reads a mask; `*` stands for every writable field.
    init(_ message: GoogleFieldMask?, of type: Field.Type) throws(DomainError) {
        let paths = message?.paths ?? []
        let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
        guard !paths.isEmpty else {
            throw .invalid("update_mask", "must name the fields to change (\(known)), or *")
        }
        if paths == ["*"] {
            fields = Set(Field.allCases)
            return
        }
        var fields = Set<Field>()
        var violations = [FieldViolation]()
        for (index, path) in paths.enumerated() {
            if let field = Field(rawValue: path) {
                fields.insert(field)
            } else {
                violations.append(
                    FieldViolation(
                        "update_mask.paths[\(index)]", "is no field that can be changed; those are \(known)"))
            }
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        self.fields = fields
    }
}
