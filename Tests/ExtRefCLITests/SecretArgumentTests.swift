// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import extref

@Suite struct SecretArgumentTests {
    private struct Unreadable: Error {}

    private static func reader(warn: @escaping (String) -> Void = { _ in }) -> SecretReader {
        SecretReader(
            file: { path in
                guard path == "key.txt" else { throw Unreadable() }
                return "from file\n"
            },
            standardInput: { "from input\n" }, environment: ["KEY": "from environment", "EMPTY": ""],
            warn: warn)
    }

    private static func argument(_ text: String) throws -> SecretArgument {
        try #require(SecretArgument(argument: text))
    }

    @Test(arguments: [
        ("api_key=@key.txt", "from file"), ("api_key=-", "from input"),
        ("api_key=env:KEY", "from environment"),
    ])
    func `a secret is read from where it lies, without its line end`(text: String, value: String) throws {
        #expect(try Self.reader().values(of: [Self.argument(text)]) == ["api_key": value])
    }

    @Test func `a secret on the command line works and is warned of, without being shown`() throws {
        let warnings = Mutex<[String]>([])
        let reader = Self.reader { warning in warnings.withLock { $0.append(warning) } }
        #expect(try reader.values(of: [Self.argument("api_key=s3cret=x")]) == ["api_key": "s3cret=x"])
        let heard = warnings.withLock { $0 }
        #expect(heard.count == 1)
        #expect(!heard[0].contains("s3cret"))
    }

    @Test(arguments: [
        ["api_key=@missing"], ["api_key=env:MISSING"], ["api_key=env:EMPTY"], ["a=-", "b=-"],
        ["a=env:KEY", "a=@key.txt"],
    ])
    func `what cannot be read is an error`(texts: [String]) throws {
        let arguments = try texts.map(Self.argument)
        #expect(throws: (any Error).self) { try Self.reader().values(of: arguments) }
    }

    @Test(arguments: ["api_key", "=x", "api_key=", ""])
    func `a secret needs a name and an origin`(text: String) {
        #expect(SecretArgument(argument: text) == nil)
    }
}
