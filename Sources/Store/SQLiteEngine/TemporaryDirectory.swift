// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import SQLEngine

/// A directory that is deleted, with all that is in it, when the last reference goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws(SQLError) {
        path = FileManager.default.temporaryDirectory.path + "/extref-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw SQLError(.cannotOpen, "cannot make a temporary directory")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
