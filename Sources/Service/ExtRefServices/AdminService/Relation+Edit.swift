// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages

extension Relation {
    /// Takes the named fields over and reports every problem of the result at once.
    mutating func apply(_ message: Wire.Relation, fields: Set<RelationField>) throws(DomainError) {
        var violations = [FieldViolation]()
        for field in RelationField.allCases where fields.contains(field) {
            do throws(DomainError) {
                try take(field, from: message)
            } catch {
                violations += error.violations
            }
        }
        violations += nameViolations
        guard violations.isEmpty else { throw .invalid(violations) }
    }

    private mutating func take(_ field: RelationField, from message: Wire.Relation) throws(DomainError) {
        switch field {
        case .name: name = trimmed(message.name)
        case .inverseName: inverseName = trimmed(message.inverseName)
        case .semanticType:
            guard let type = SemanticType(message.semanticType) else {
                throw .invalid("relation.semantic_type", "must be GENERAL or DEFECT")
            }
            semanticType = type
        case .oslcURI: oslcURI = try Self.checkedURI(message.oslcUri)
        case .color: color = try Self.checkedColor(message.color)
        case .sortOrder: sortOrder = message.sortOrder
        case .allowedObjectKinds: allowedObjectKinds = try Self.checkedKinds(message.allowedObjectKinds)
        case .availability:
            availability = try Availability(message.availability, field: "relation.availability")
        }
    }

    private var nameViolations: [FieldViolation] {
        let limit = DomainLimits.nameScalarsMax
        var violations = [FieldViolation]()
        if !(1...limit).contains(name.unicodeScalars.count) || name.hasControlCharacters {
            violations.append(
                FieldViolation("relation.name", "must be 1 to \(limit) characters without control characters")
            )
        }
        if inverseName.unicodeScalars.count > limit || inverseName.hasControlCharacters {
            violations.append(
                FieldViolation(
                    "relation.inverse_name", "must be at most \(limit) characters without control characters")
            )
        }
        return violations
    }

    private static func checkedURI(_ text: String) throws(DomainError) -> String {
        guard !text.isEmpty else { return "" }
        do {
            return try WebURL(text).text
        } catch {
            throw .invalid("relation.oslc_uri", error.description)
        }
    }

    private static func checkedColor(_ text: String) throws(DomainError) -> String {
        let digits = text.utf8.dropFirst()
        guard text.isEmpty || (text.first == "#" && digits.count == 6 && digits.allSatisfy(\.isHexDigit))
        else {
            throw .invalid("relation.color", "must be #rrggbb or empty")
        }
        return text.lowercased()
    }

    private static func checkedKinds(_ texts: [String]) throws(DomainError) -> Set<ObjectKind> {
        let field = "relation.allowed_object_kinds"
        guard texts.count <= ServiceLimits.objectKindsMax else {
            throw .invalid(field, "must name at most \(ServiceLimits.objectKindsMax) kinds")
        }
        var kinds = Set<ObjectKind>()
        for (index, text) in texts.enumerated() {
            guard let kind = ObjectKind(text) else {
                throw .invalid("\(field)[\(index)]", "must be a word of [a-z][a-z0-9_]{0,31}")
            }
            kinds.insert(kind)
        }
        return kinds
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

extension String {
    /// Whether the text holds something a terminal or a list would trip over.
    var hasControlCharacters: Bool {
        unicodeScalars.contains {
            $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
        }
    }
}
