// SPDX-License-Identifier: Apache-2.0

/// JSON to send, whose shape depends on a project's fields.
enum JiraValue: Encodable, Sendable, Hashable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([JiraValue])
    case object([String: JiraValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JiraValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: JiraValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JiraValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
