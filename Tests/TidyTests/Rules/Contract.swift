// SPDX-License-Identifier: Apache-2.0

/// What the .proto files promise, read by line: enough for names of services, methods and reasons.
enum Contract {
    static let files: [SourceFile] = Repository.files(under: "proto/extref", "proto/grpc")
        .filter { $0.hasSuffix(".proto") }
        .compactMap(SourceFile.init(path:))

    /// Full names of all methods, as `extref.v1.LinkService/CreateLink`.
    static var methods: Set<String> { Set(files.flatMap(methods)) }

    private static func methods(of file: SourceFile) -> [String] {
        var package = ""
        var service = ""
        return file.code.compactMap { line in
            let words = line.split(separator: " ")
            guard let first = words.first, words.count > 1 else { return nil }
            switch first {
            case "package": package = String(words[1].dropLast())
            case "service": service = String(words[1])
            case "rpc": return "\(package).\(service)/\(words[1].prefix { $0 != "(" })"
            default: break
            }
            return nil
        }
    }

    /// The words of `extref.v1.ErrorReason` without their prefix and without the unspecified one.
    static var reasons: Set<String> {
        let prefix = "ERROR_REASON_"
        let lines = files.first { $0.name == "errors.proto" }?.code ?? []
        let names = lines.compactMap { $0.split(separator: " ").first }.filter { $0.hasPrefix(prefix) }
        return Set(names.map { String($0.dropFirst(prefix.count)) }).subtracting(["UNSPECIFIED"])
    }

    /// The reasons that docs/errors.md explains: the first cell of each table row that is an upper-case word
    /// in code.
    static var explainedReasons: Set<String> {
        let lines = SourceFile(path: "docs/errors.md")?.lines ?? []
        return Set(
            lines.compactMap { line in
                guard line.hasPrefix("| `"), let name = line.dropFirst(3).split(separator: "`").first,
                    name.allSatisfy({ $0.isUppercase || $0 == "_" })
                else { return nil }
                return String(name)
            })
    }
}
