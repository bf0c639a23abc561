// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A file that only its owner may read, such as a key.
struct PrivateFile {
    let path: String

    /// Whether there is such a file, whatever it holds.
    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Reads the file as text.
    /// - Returns: nil when there is no such file.
    /// - Throws: `keyFileExposed` when group or others have any right on it: then it may be known already,
    ///   and only the operator can decide what that means.
    private func read(bytesMax: Int) throws(SecurityError) -> String? {
        // A mounted secret is a symbolic link; its target's mode counts.
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        guard FileManager.default.fileExists(atPath: target) else { return nil }
        try checkMode(of: target)
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: target))
        } catch {
            throw unreadable("cannot be read", error)
        }
        guard bytes.count <= bytesMax, let text = String(validating: bytes, as: UTF8.self) else {
            throw SecurityError(.keyFileDamaged, "\(path) is not a key file. Restore it from its backup.")
        }
        return text
    }

    /// Reads the file, or makes it when there is none.
    ///
    /// When somebody else makes it at the same moment, theirs is read.
    func readOrCreate(bytesMax: Int, _ make: () -> Secret) throws(SecurityError) -> String {
        if let text = try read(bytesMax: bytesMax) { return text }
        let fresh = make()
        do throws(SecurityError) {
            try create(fresh)
        } catch {
            guard let text = try read(bytesMax: bytesMax) else { throw error }
            return text
        }
        return fresh.reveal { $0 }
    }

    /// Writes a new file, readable by its owner alone from its first moment on.
    ///
    /// The text is written inside a new private directory and hard-linked into place, so that a crash leaves
    /// no half file and an existing file is never replaced.
    private func create(_ text: Secret) throws(SecurityError) {
        let files = FileManager.default
        let workshop = path + ".new-" + HexText.text(RandomBytes.make(8))
        let draft = workshop + "/draft"
        do {
            try files.createDirectory(
                atPath: workshop, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            defer { try? files.removeItem(atPath: workshop) }
            try Data(text.reveal { Array($0.utf8) }).write(to: URL(filePath: draft), options: .atomic)
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: draft)
            try files.linkItem(atPath: draft, toPath: path)
        } catch {
            throw unreadable("cannot be written", error)
        }
    }

    private func checkMode(of target: String) throws(SecurityError) {
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: target)
        } catch {
            throw unreadable("cannot be read", error)
        }
        guard let mode = attributes[.posixPermissions] as? UInt,
            attributes[.type] as? FileAttributeType == .typeRegular
        else { throw unreadable("is not a regular file", nil) }
        guard mode & 0o077 == 0 else {
            throw SecurityError(
                .keyFileExposed,
                "\(path) has mode 0\(String(mode & 0o777, radix: 8)): others than its owner may read it. "
                    + "Run chmod 600 on it, and replace the key if somebody may have.")
        }
    }

    private func unreadable(_ fault: String, _ cause: (any Error)?) -> SecurityError {
        SecurityError(.keyFileUnreadable, "\(path) \(fault).", cause: cause)
    }
}
