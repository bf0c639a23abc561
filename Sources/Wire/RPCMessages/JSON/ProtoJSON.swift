// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
public import ProtobufC

/// Writes any generated message in protobuf's JSON mapping (protobuf.dev/programming-guides/json):
/// lowerCamelCase names, fields without a value left out, 64-bit numbers and bytes as text, times by RFC
/// 3339.
///
/// It reads the value by reflection; the generated Swift names lead back to the JSON names, which a test
/// proves for every field of the contract.
public enum ProtoJSON {
    /// The JSON object of a message.
    public static func node(_ message: any ProtobufMessage) -> JSONNode {
        wellKnown(message) ?? .object(members(of: message))
    }

    /// A length of time as the mapping writes it: `1.500s`.
    public static func text(_ duration: GoogleDuration) -> String {
        let sign = duration.seconds < 0 || duration.nanos < 0 ? "-" : ""
        var fraction = String(duration.nanos.magnitude)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.hasSuffix("000") { fraction.removeLast(3) }
        return "\(sign)\(duration.seconds.magnitude)\(fraction.isEmpty ? "" : "." + fraction)s"
    }

    /// The JSON name of a generated property: acronyms become words, so `issueURLTemplate` is
    /// `issueUrlTemplate`.
    static func name(ofProperty property: String) -> String {
        let letters = Array(property)
        var name = ""
        for (index, letter) in letters.enumerated() {
            let followsCapital = index > 0 && letters[index - 1].isUppercase
            let leadsWord = index + 1 < letters.count && letters[index + 1].isLowercase
            name += followsCapital && !leadsWord ? letter.lowercased() : String(letter)
        }
        return name
    }

    private static func members(of message: Any) -> [JSONNode.Member] {
        Mirror(reflecting: message).children.compactMap { child in
            child.label.flatMap { member(property: $0, value: child.value) }
        }
    }

    /// One property as a member; nil when it has no value.
    private static func member(property: String, value: Any) -> JSONNode.Member? {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional {
            guard let present = mirror.children.first?.value else { return nil }
            let inside = Mirror(reflecting: present)
            if inside.displayStyle == .enum, let choice = inside.children.first, let label = choice.label {
                return JSONNode.Member(name(ofProperty: label), node(ofValue: choice.value))
            }
            return JSONNode.Member(name(ofProperty: property), node(ofValue: present))
        }
        guard !isDefault(value) else { return nil }
        return JSONNode.Member(name(ofProperty: property), node(ofValue: value))
    }

    private static func isDefault(_ value: Any) -> Bool {
        switch value {
        case let value as String: value.isEmpty
        case let value as Bool: !value
        case let value as Double: value == 0
        case let value as Float: value == 0
        case let value as any FixedWidthInteger: value.nonzeroBitCount == 0
        case let value as any ProtobufEnum: value.rawValue == 0
        case let value as any Collection: value.isEmpty
        default: false
        }
    }

    private static func node(ofValue value: Any) -> JSONNode {
        switch value {
        case let value as String: .string(value)
        case let value as Bool: .bool(value)
        case let value as any BinaryFloatingPoint: number(Double(value))
        case let value as any FixedWidthInteger:
            value.bitWidth > 32 ? .string("\(value)") : .number("\(value)")
        case let value as any ProtobufEnum:
            value.protoName.map(JSONNode.string) ?? .number("\(value.rawValue)")
        case let value as [UInt8]: .string(Data(value).base64EncodedString())
        case let value as any ProtobufMessage: node(value)
        case let value as [Any]: .array(value.map(node(ofValue:)))
        default: map(value)
        }
    }

    /// A dictionary, by rising key.
    private static func map(_ value: Any) -> JSONNode {
        let entries = Mirror(reflecting: value).children.map { child -> JSONNode.Member in
            let pair = Array(Mirror(reflecting: child.value).children)
            return JSONNode.Member("\(pair[0].value)", node(ofValue: pair[1].value))
        }
        return .object(entries.sorted { $0.name < $1.name })
    }

    /// JSON has no infinities; protobuf writes them as text.
    private static func number(_ value: Double) -> JSONNode {
        if value.isNaN { return .string("NaN") }
        if value.isInfinite { return .string(value < 0 ? "-Infinity" : "Infinity") }
        return .number(value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)")
    }

    private static func wellKnown(_ message: any ProtobufMessage) -> JSONNode? {
        switch message {
        case let time as GoogleTimestamp: .string(RFC3339.text(time))
        case let duration as GoogleDuration: .string(text(duration))
        case let mask as GoogleFieldMask:
            .string(mask.paths.map(camelCase).joined(separator: ","))
        default: nil
        }
    }

    private static func camelCase(_ path: String) -> String {
        var (name, raises) = ("", false)
        for letter in path {
            guard letter != "_" else {
                raises = true
                continue
            }
            name += raises ? letter.uppercased() : String(letter)
            raises = false
        }
        return name
    }
}
