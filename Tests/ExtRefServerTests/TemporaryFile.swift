// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Files and directories that go away with a test.
enum TemporaryFile {
    /// Hands the path of a file with a text to the body.
    static func with<Value>(_ text: String, _ body: (String) throws -> Value) throws -> Value {
        try withDirectory { directory in
            let path = directory + "/extref.yaml"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try body(path)
        }
    }

    /// Hands the path of a new directory to the body.
    static func withDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
        let path = make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private static func make() -> String {
        let path = FileManager.default.temporaryDirectory.path + "/extref-test-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return path
    }
}
