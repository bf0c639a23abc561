// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The working tree, found from where this file lies.
enum Repository {
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "proto/buf.yaml").path) {
            precondition(folder.path != "/", "no proto/buf.yaml in any folder above \(#filePath)")
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// Hand-written Swift, read and masked once.
    static let swiftFiles: [SourceFile] = files(under: "Sources", "Tests", "Tools", "Benchmarks", "Fuzz")
        .filter { $0.hasSuffix(".swift") }
        .compactMap(SourceFile.init(path:))

    /// All Markdown pages of the project.
    static let pages: [SourceFile] = (entries(of: ".") + files(under: "docs", "clients", "Tests", "Tools"))
        .filter { $0.hasSuffix(".md") }
        .compactMap(SourceFile.init(path:))

    /// Paths of the files below some folders, relative to the root; nothing built, generated or hidden.
    static func files(under folders: String...) -> [String] {
        folders.flatMap { folder in
            entries(of: folder).flatMap { path in isFolder(path) ? files(under: path) : [path] }
        }
    }

    /// Whether something lies at a path relative to the root.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func entries(of folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        return (names ?? []).sorted()
            .filter { !$0.hasPrefix(".") && $0 != "Generated" && $0 != "node_modules" }
            .map { folder == "." ? $0 : folder + "/" + $0 }
    }

    private static func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }
}
