// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import FoundationEssentials

/// The directory that holds all of a server's state.
struct DataDirectory {
    static let databaseName = "extref.db"
    static let adminTokenName = "admin.token"

    let path: String

    /// Takes the directory, and makes it when it is missing: only its owner may enter then.
    init(_ path: String) throws(StartError) {
        self.path = path
        let files = FileManager.default
        do {
            if !files.fileExists(atPath: path) {
                try files.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            try check(try files.attributesOfItem(atPath: path))
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError(.dataDirectory, "The data directory '\(path)' cannot be made.", cause: error)
        }
    }

    /// The path of a file inside.
    func file(_ name: String) -> String { path + "/" + name }

    /// The directory must be one, and nobody but its owner may look into it: the database is inside.
    private func check(_ attributes: [FileAttributeKey: Any]) throws {
        guard attributes[.type] as? FileAttributeType == .typeDirectory else {
            throw StartError(.dataDirectory, "The data directory '\(path)' is no directory.")
        }
        guard let mode = attributes[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw StartError(
                .dataDirectory,
                "Others than its owner may look into the data directory '\(path)'. Run chmod 700 on it, or name a "
                    + "directory inside it that does not exist yet.")
        }
    }

    /// Writes a file that only its owner may read, in one step: nobody sees a half of it.
    ///
    /// The directory keeps strangers out from the first moment; the file's own mode is for when it is copied.
    func write(_ text: String, toPrivateFile name: String) throws(StartError) {
        do {
            try Data(text.utf8).write(to: URL(filePath: file(name)), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name))
        } catch {
            throw StartError(.dataDirectory, "'\(file(name))' cannot be written.", cause: error)
        }
    }

    /// When a file was last written; nil when there is none.
    func writeTime(ofFile name: String) -> Timestamp? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
        guard let date = attributes?[.modificationDate] as? Date else { return nil }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    /// Reads a small file; nil when there is none.
    func text(ofFile name: String) -> String? {
        FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
    }
}
