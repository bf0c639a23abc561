// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ProtobufC

/// A value of one of the contract's enumerations as people type it: `in_progress` for
/// `STATUS_CATEGORY_IN_PROGRESS`.
struct EnumArgument<Value: ProtobufEnum>: ExpressibleByArgument, Sendable, Hashable {
    let value: Value

    init?(argument: String) {
        let wanted = argument.lowercased().replacing("-", with: "_")
        guard let value = Value.allCases.first(where: { $0.rawValue != 0 && $0.word == wanted }) else {
            return nil
        }
        self.value = value
    }

    static var allValueStrings: [String] {
        Value.allCases.filter { $0.rawValue != 0 }.map(\.word)
    }
}

extension ProtobufEnum {
    /// The value's own part of its name, in lower case: `in_progress`. The number when it is not known,
    /// nothing for 0.
    var word: String {
        guard rawValue != 0 else { return "" }
        guard let protoName else { return "\(rawValue)" }
        return protoName.dropFirst(Self.prefix.count).lowercased()
    }

    /// The same for reading: `in progress`.
    var words: String { word.replacing("_", with: " ") }

    /// The part all names share: `STATUS_CATEGORY_`.
    private static var prefix: String {
        var prefix = ""
        for letter in enumName.split(separator: ".").last ?? "" {
            if letter.isUppercase, !prefix.isEmpty { prefix += "_" }
            prefix += letter.uppercased()
        }
        return prefix + "_"
    }
}
