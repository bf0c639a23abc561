// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import ExtRefServer

@Suite struct DataDirectoryTests {
    private static func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `it is made for its owner alone, with the way to it`() throws {
        try TemporaryFile.withDirectory { parent in
            let directory = try DataDirectory(parent + "/a/b")
            #expect(try Self.mode(directory.path) == 0o700)
        }
    }

    @Test(arguments: [0o755, 0o750, 0o701, 0o720])
    func `one that others may use is refused, with the way out`(mode: Int) throws {
        try TemporaryFile.withDirectory { path in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let error = try #require(throws: StartError.self) { try DataDirectory(path) }
            #expect(error.code == .dataDirectory)
            #expect(error.message.contains("chmod 700"))
        }
    }

    @Test func `a file is no directory`() throws {
        try TemporaryFile.with("x") { path in
            _ = #expect(throws: StartError.self) { try DataDirectory(path) }
        }
    }

    @Test func `a private file is replaced whole and read by its owner alone`() throws {
        try TemporaryFile.withDirectory { path in
            let directory = try DataDirectory(path)
            #expect(directory.text(ofFile: "t") == nil)
            try directory.write("one", toPrivateFile: "t")
            try directory.write("two", toPrivateFile: "t")
            #expect(directory.text(ofFile: "t") == "two")
            #expect(try Self.mode(directory.file("t")) == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["t"])
        }
    }
}
