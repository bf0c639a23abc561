// SPDX-License-Identifier: Apache-2.0

/// A reason why the given .proto files or parameters cannot be generated; protoc shows it to the user.
struct GeneratorFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
