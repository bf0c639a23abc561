// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Foundation
import Testing

@testable import ExtRefSecurity

/// The key ring's file: made once, never replaced, refused when anything about it is wrong.
@Suite struct KeyRingFileTests {
    private static let id = "0011223344556677"
    private static let key = String(repeating: "5a", count: 32)
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory() }

    private func failure(canary: [UInt8]? = nil) -> SecurityError? {
        do throws(SecurityError) {
            _ = try KeyRing.open(directory: directory.path, canary: canary)
            return nil
        } catch {
            return error
        }
    }

    @Test func theFirstStartMakesAPrivateFileAndNothingElse() throws {
        let ring = try KeyRing.open(directory: directory.path, canary: nil)
        #expect(try directory.mode(of: KeyRing.fileName) == 0o600)
        #expect(try directory.names == [KeyRing.fileName])
        #expect(ring.retiredCount == 0)
    }

    @Test func theRingSurvivesARestart() throws {
        let place = SealBinding(
            tenantID: TenantID(trusted: "acme"), source: SourceID(trusted: "src_1"), field: "token")
        let first = SecretSealer(keyRing: try KeyRing.open(directory: directory.path, canary: nil))
        let sealed = try first.seal(Secret("x"), binding: place)
        let second = SecretSealer(
            keyRing: try KeyRing.open(directory: directory.path, canary: first.makeCanary()))
        #expect(try second.open(sealed, binding: place) == Secret("x"))
    }

    @Test func aMissingRingIsNotReplacedOnceSomethingIsSealed() throws {
        let canary = try SecretSealer(keyRing: KeyRing.open(directory: directory.path, canary: nil))
            .makeCanary()
        try FileManager.default.removeItem(atPath: directory.file(KeyRing.fileName))
        let error = try #require(failure(canary: canary))
        #expect(error.code == .keyRingMissing)
        #expect(error.message.contains(directory.file(KeyRing.fileName)))
        #expect(try directory.names.isEmpty)
    }

    @Test func aWrongRingIsRefused() throws {
        _ = try KeyRing.open(directory: directory.path, canary: nil)
        let foreign = try SecretSealer(keyRing: .generated()).makeCanary()
        #expect(failure(canary: foreign)?.code == .keyRingWrong)
    }

    @Test(arguments: [0o644, 0o640, 0o660, 0o620, 0o604, 0o601, 0o777])
    func aRingThatOthersMayTouchIsRefused(mode: Int) throws {
        _ = try KeyRing.open(directory: directory.path, canary: nil)
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: directory.file(KeyRing.fileName))
        let error = try #require(failure())
        #expect(error.code == .keyFileExposed)
        #expect(error.message.contains("0\(String(mode, radix: 8))"))
        #expect(!error.message.contains("\n"))
    }

    @Test(arguments: [0o600, 0o400])
    func aRingOfItsOwnerAloneIsTaken(mode: Int) throws {
        _ = try KeyRing.open(directory: directory.path, canary: nil)
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: directory.file(KeyRing.fileName))
        #expect(failure() == nil)
    }

    @Test func aLinkIsFollowedAndItsTargetsModeCounts() throws {
        _ = try KeyRing.open(directory: directory.path, canary: nil)
        try FileManager.default.moveItem(
            atPath: directory.file(KeyRing.fileName), toPath: directory.file("real"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.file(KeyRing.fileName), withDestinationPath: directory.file("real"))
        #expect(failure() == nil)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: directory.file("real"))
        #expect(failure()?.code == .keyFileExposed)
    }

    @Test func aLinkToNothingIsNotFilled() throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.file(KeyRing.fileName), withDestinationPath: directory.file("nowhere"))
        #expect(failure() != nil)
        #expect(try directory.names == [KeyRing.fileName])
    }

    @Test(arguments: [
        "", "\n", "extref-keyring 2\nprimary \(id) \(key)\n", "primary \(id) \(key)\n", "extref-keyring 1\n",
        "extref-keyring 1\nretired \(id) \(key)\n", "extref-keyring 1\nprimary \(id)\n",
        "extref-keyring 1\nprimary \(id) \(key.dropLast(2))\n",
        "extref-keyring 1\nprimary \(id) \(key.dropLast())g\n",
        "extref-keyring 1\nprimary \(id.dropLast(2)) \(key)\n",
        "extref-keyring 1\nprimary \(id) \(key) more\n",
        "extref-keyring 1\nprimary \(id) \(key)\nretired \(id) \(key)\n",
        "extref-keyring 1\nprimary \(id) \(key)\nprimary 8899aabbccddeeff \(key)\n",
        "extref-keyring 1\nsecondary \(id) \(key)\n",
        "extref-keyring 1\nprimary \(id) \(key)\n"
            + String(repeating: "#", count: SecurityLimits.keyRingBytesMax),
    ])
    func aDamagedRingIsRefusedAndNotShown(_ text: String) throws {
        try directory.write(text, to: KeyRing.fileName)
        let error = try #require(failure())
        #expect(error.code == .keyFileDamaged)
        for form in printedForms(of: error) { #expect(!form.contains("5a5a")) }
        #expect(try directory.text(of: KeyRing.fileName) == text)
    }

    @Test func aRingWithRetiredKeysIsRead() throws {
        let text =
            "extref-keyring 1\n# a comment\n"
            + "retired 8899aabbccddeeff \(Self.key)\nprimary \(Self.id) \(Self.key)\n"
        try directory.write(text, to: KeyRing.fileName)
        let ring = try KeyRing.open(directory: directory.path, canary: nil)
        #expect(ring.primaryID.description == Self.id)
        #expect(ring.retiredCount == 1)
    }

    @Test func aDirectoryInItsPlaceIsRefused() throws {
        try FileManager.default.createDirectory(
            atPath: directory.file(KeyRing.fileName), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        #expect(failure()?.code == .keyFileUnreadable)
    }

    @Test func twoFirstStartsAtOnceMakeOneRing() async throws {
        let path = directory.path
        let rings = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try KeyRing.open(directory: path, canary: nil).primaryID } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(rings.count == 1)
        #expect(try directory.names == [KeyRing.fileName])
    }
}
