// SPDX-License-Identifier: Apache-2.0

import SwiftProtobufPluginLibrary

extension CodePrinter {
    /// Prints the comment lines that the .proto file has, if any.
    mutating func printDocumentation(_ comments: String) {
        if !comments.isEmpty { print(comments, newlines: false) }
    }

    /// Prints `head {`, the body one level deeper, and `}`.
    mutating func printBlock(_ head: String, body: (inout CodePrinter) -> Void) {
        print(head + " {")
        withIndentation(body: body)
        print("}")
    }
}
