// SPDX-License-Identifier: Apache-2.0

/// Who may import whom: the picture of the house in docs/ARCHITECTURE.md as a table. The build's import check
/// knows what Package.swift declares; this knows what it may declare.
enum Arrows {
    /// Target to our own modules it may import.
    static let own: [String: Set<String>] = [
        "ExtRefDomain": [],
        "ProtobufC": ["CProtobufC"],
        "RPCMessages": ["ProtobufC", "CMessages"],
        "RPC": ["ProtobufC", "RPCMessages"],
        "ExtRefMessages": ["ProtobufC", "CMessages", "RPC", "RPCMessages"],
        "TTRPC": ["RPC", "RPCMessages", "ProtobufC"],
        "RPCServer": ["TTRPC", "RPC", "RPCMessages", "ProtobufC", "ExtRefMessages"],
        "RPCClient": ["TTRPC", "RPC", "RPCMessages", "ProtobufC"],
        "SQLEngine": [],
        "SQLiteEngine": ["SQLEngine", "CSQLiteSettings"],
        "ExtRefStore": ["SQLEngine", "ExtRefDomain"],
        "CurlHTTP": ["CCurl"],
        "PatternMatching": ["CPCRE2"],
        "ExtRefTrackers": ["ExtRefDomain", "CurlHTTP", "PatternMatching"],
        "ExtRefSecurity": ["ExtRefDomain", "CurlHTTP", "ExtRefTrackers"],
        "ExtRefSync": ["ExtRefDomain", "ExtRefStore", "ExtRefTrackers"],
        "ExtRefServices": [
            "ExtRefDomain", "ExtRefMessages", "RPC", "RPCMessages", "ProtobufC", "ExtRefStore",
            "ExtRefTrackers", "PatternMatching", "ExtRefSecurity", "ExtRefSync",
        ],
        "ExtRefGateway": [],
        // Where everything is put together, and the only library that sees every wing.
        "ExtRefServer": [
            "ExtRefDomain", "ExtRefMessages", "RPC", "RPCMessages", "ProtobufC", "TTRPC", "RPCServer",
            "SQLEngine",
            "SQLiteEngine", "ExtRefStore", "ExtRefTrackers", "PatternMatching", "CurlHTTP", "ExtRefSecurity",
            "ExtRefSync", "ExtRefServices", "ExtRefGateway",
        ],
    ]

    /// Foreign modules and the only targets that may import them. A module that is not named here is refused,
    /// so that a new dependency is a decision.
    static let foreign: [String: Set<String>] = [
        "NIO": ["RPCServer", "RPCClient"],
        "NIOConcurrencyHelpers": ["RPCServer", "RPCClient"],
        "NIOCore": ["RPCServer", "RPCClient", "ExtRefServer", "ExtRefGateway"],
        "NIOPosix": ["RPCServer", "RPCClient"],
        "NIOExtras": ["RPCServer", "RPCClient"],
        "GRDB": ["SQLiteEngine"],
        "GRDBSQLite": ["SQLiteEngine"],
        "Crypto": ["ExtRefSecurity", "ExtRefStore"],
        "CryptoExtras": ["ExtRefSecurity"],
        "JWTKit": ["ExtRefSecurity"],
        "Logging": ["ExtRefServer", "ExtRefGateway"],
        "Metrics": ["ExtRefServer"],
        "Hummingbird": ["ExtRefGateway"],
        "HummingbirdCore": ["ExtRefGateway"],
        "HTTPTypes": ["ExtRefGateway"],
        "ServiceLifecycle": ["ExtRefServer"],
        "Configuration": ["ExtRefServer"],
        "Yams": ["ExtRefServer"],
        "SystemPackage": ["ExtRefServer"],
        "DequeModule": ["RPC", "TTRPC", "RPCServer", "RPCClient", "SQLiteEngine", "CurlHTTP"],
        "Collections": ["RPC", "TTRPC", "RPCServer", "RPCClient"],
    ]

    /// What comes with the toolchain; every target but the Domain may use it.
    static let toolchain: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Synchronization",
        "Swift",
    ]

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isLibrary, let target = file.target, !file.path.hasPrefix("Sources/C/") else { return [] }
        guard let allowed = own[target] else {
            return [
                Finding(
                    path: file.path, line: 0,
                    advice: "target \(target) has no row in Arrows.own: say what it may import")
            ]
        }
        return imports(in: file).compactMap { line, module in
            if allowed.contains(module) || foreign[module]?.contains(target) == true { return nil }
            if toolchain.contains(module) && target != "ExtRefDomain" { return nil }
            return Finding(
                path: file.path, line: line,
                advice:
                    "\(target) must not import \(module); take values, or a protocol of its own"
            )
        }
    }

    /// Line (from 1) and module of each import, whatever its access level and attributes.
    static func imports(in file: SourceFile) -> [(line: Int, module: String)] {
        file.code.enumerated().compactMap { index, line in
            let words = line.split { $0 == " " || $0 == "." }
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ beforeImport.contains($0) || $0.hasPrefix("@") })
            else { return nil }
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let module = words[(keyword + 1)...].first { !kinds.contains($0) }
            return module.map { (index + 1, String($0)) }
        }
    }

    private static let beforeImport: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate",
    ]
}
