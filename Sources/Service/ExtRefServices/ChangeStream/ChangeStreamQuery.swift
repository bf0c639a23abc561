// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages

/// What the address of a change stream asks for: the fields of `ListChangesRequest` that say which changes,
/// under the names they have there, those of a message in it behind a dot.
enum ChangeStreamQuery {
    private static let fields: [String: @Sendable (inout ListChangesRequest, String) -> Void] = [
        "after": { $0.after = $1 },
        "project_id": { $0.projectID = $1 },
        "source_id": { $0.sourceID = $1 },
        "object.kind": { $0.object = ObjectRef(kind: $1, id: $0.object?.id ?? "") },
        "object.id": { $0.object = ObjectRef(kind: $0.object?.kind ?? "", id: $1) },
    ]

    /// Reads an address's parameters, and names every one that is wrong.
    /// - Parameters:
    ///   - parameters: in their order; a value that cannot be decoded is nil.
    ///   - lastEventID: the cursor that a reader who comes again sends. It counts, not the address, which is
    ///     the same every time.
    static func read(
        _ parameters: [(name: String, value: String?)], lastEventID: String?
    ) throws(DomainError) -> ListChangesRequest {
        var request = ListChangesRequest()
        var seen: Set<String> = []
        var violations: [FieldViolation] = []
        for (name, value) in parameters {
            guard let value else {
                violations.append(FieldViolation(name, "must be percent-encoded UTF-8"))
                continue
            }
            guard let set = fields[name] else {
                violations.append(FieldViolation(name, advice(on: name)))
                continue
            }
            if seen.insert(name).inserted {
                set(&request, value)
            } else {
                violations.append(FieldViolation(name, "must be given once"))
            }
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        if let lastEventID, !lastEventID.isEmpty { request.after = lastEventID }
        return request
    }

    private static func advice(on name: String) -> String {
        if name.lowercased().contains("token") {
            return "is not read: a token belongs into the field authorization, addresses end up in logs"
        }
        return "is none of " + fields.keys.sorted().joined(separator: ", ")
    }
}
