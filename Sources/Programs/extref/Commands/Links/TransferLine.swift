// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import FoundationEssentials

/// One line of an export: an `ExportedLink` in protobuf's JSON mapping.
struct TransferLine: Sendable {
    /// Its place in the file, from 1.
    let number: Int
    let link: ExportedLink

    /// Reads the lines of an export; empty ones are skipped. The first that is wrong is named by its number.
    static func parse(_ text: String) throws(ValidationError) -> [TransferLine] {
        var lines: [TransferLine] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { !$0.isWhitespace }) {
            do {
                let fields = try JSONDecoder().decode(ExportedFields.self, from: Data(line.utf8))
                lines.append(TransferLine(number: index + 1, link: fields.link))
            } catch {
                throw ValidationError(
                    "Line \(index + 1) is no exported link: it needs an object with kind and id.")
            }
        }
        return lines
    }
}

/// An `ExportedLink` as it stands in a file.
private struct ExportedFields: Decodable {
    struct Object: Decodable {
        var kind: String
        var id: String
    }

    var object: Object
    var ancestors: [Object]?
    var sourceName: String?
    var key: String?
    var url: String?
    var relationName: String?
    var note: String?

    var link: ExportedLink {
        ExportedLink(
            object: ObjectRef(kind: object.kind, id: object.id),
            ancestors: (ancestors ?? []).map { ObjectRef(kind: $0.kind, id: $0.id) },
            sourceName: sourceName ?? "", key: key ?? "", url: url ?? "", relationName: relationName ?? "",
            note: note ?? "")
    }
}
