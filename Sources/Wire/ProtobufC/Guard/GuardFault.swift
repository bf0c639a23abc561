// SPDX-License-Identifier: Apache-2.0

/// What the guard found, in one byte; the message and the path are made only for those who ask.
enum GuardFault: UInt8 {
    case none
    case truncated, badTag, badVarint, badLength, repeatedMessage
    case fieldBudget, memoryBudget, depth, unknownFields
    case invalidUTF8, embeddedNUL, wireType, groups
}

extension GuardFault {
    var code: DecodeError.Code {
        switch self {
        case .none, .truncated, .badTag, .badVarint, .badLength, .repeatedMessage: .malformed
        case .fieldBudget: .fieldBudget
        case .memoryBudget: .memoryBudget
        case .depth: .depth
        case .unknownFields: .unknownFields
        case .invalidUTF8: .invalidUTF8
        case .embeddedNUL: .embeddedNUL
        case .wireType: .wireType
        case .groups: .groups
        }
    }

    func message(limits: DecodeLimits) -> String {
        switch self {
        case .none: "no fault"
        case .truncated: "the message is cut short"
        case .badTag: "a field begins with an invalid tag"
        case .badVarint: "a number does not end within 10 bytes"
        case .badLength: "a length reaches past the end of the message"
        case .repeatedMessage: "a field that holds one message is given more than once"
        case .fieldBudget: "the message has more than \(limits.fieldsMax) fields"
        case .memoryBudget: "the decoded message would need too much memory for its size"
        case .depth: "messages are nested more than \(limits.depthMax) levels deep"
        case .unknownFields: "the message has more than \(limits.unknownFieldsMax) unknown fields"
        case .invalidUTF8: "the string is not valid UTF-8"
        case .embeddedNUL: "the string contains a NUL character"
        case .wireType: "the field has a wire type that is not its own"
        case .groups: "groups are not supported"
        }
    }
}
