// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// CI turns every warning into an error; a user with a newer compiler must not fail on a new warning.
let strict: [SwiftSetting] =
    Context.environment["WARNINGS_AS_ERRORS"] == "1" ? [.treatAllWarnings(as: .error)] : []

let settings: [SwiftSetting] =
    strict + [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
    ]

// Borrowed views over C structs are non-escapable types.
let viewSettings = settings + [.enableExperimentalFeature("Lifetimes")]

/// A room of the house: the folder of a target inside its wing. `docs/ARCHITECTURE.md` shows the arrows.
func room(
    _ wing: String, _ name: String, _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = settings
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(wing)/\(name)", swiftSettings: settings)
}

/// A program: composition only.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/Programs/\(name)", swiftSettings: settings)
}

/// The tests of a target, in the folder that mirrors it.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
    settings: [SwiftSetting] = settings
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        swiftSettings: settings)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "extref",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "extrefd", targets: ["extrefd"]),
        .executable(name: "extref", targets: ["extref"]),
        .executable(name: "extref-load", targets: ["extref-load"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: []
)

// C: headers and committed generated code.
package.targets += [
    .systemLibrary(
        name: "CProtobufC", path: "Sources/C/CProtobufC", pkgConfig: "libprotobuf-c",
        providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(
        name: "CPCRE2", path: "Sources/C/CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]
    ),
    .target(name: "CMessages", dependencies: ["CProtobufC"], path: "Sources/C/CMessages"),
    .target(name: "CCurl", path: "Sources/C/CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(
        name: "CSQLiteSettings", path: "Sources/C/CSQLiteSettings",
        linkerSettings: [.linkedLibrary("sqlite3")]),
]

// Domain: the words of the product. Imports nothing.
package.targets += [room("Domain", "ExtRefDomain")]

// Wire: messages, calls, transports.
package.targets += [
    room("Wire", "ProtobufC", ["CProtobufC"], settings: viewSettings),
    room("Wire", "RPCMessages", ["ProtobufC", "CMessages"], settings: viewSettings),
    room("Wire", "RPC", ["ProtobufC", "RPCMessages"]),
    room("Wire", "ExtRefMessages", ["ProtobufC", "CMessages", "RPC", "RPCMessages"], settings: viewSettings),
    room("Wire", "TTRPC", ["ProtobufC", "RPC", "RPCMessages"]),
    room(
        "Wire", "RPCServer",
        ["TTRPC", "RPC", "ProtobufC", "RPCMessages", "ExtRefMessages", nioCore, nioPosix]),
    room("Wire", "RPCClient", ["TTRPC", "RPC", "ProtobufC", "RPCMessages", nioCore, nioPosix]),
]

// Store: one SQL text, engines below it.
package.targets += [
    room("Store", "SQLEngine"),
    room("Store", "SQLiteEngine", ["SQLEngine", "CSQLiteSettings", grdb, grdbSQLite]),
    room("Store", "ExtRefStore", ["SQLEngine", "ExtRefDomain", crypto]),
    room("TestKits", "StoreConformance", ["ExtRefStore", "SQLEngine", "ExtRefDomain"]),
]

// Trackers: adapters, and the HTTP client they speak through.
package.targets += [
    room("Trackers", "CurlHTTP", ["CCurl"]),
    room("Trackers", "PatternMatching", ["CPCRE2"]),
    room("Trackers", "ExtRefTrackers", ["ExtRefDomain", "CurlHTTP", "PatternMatching"]),
    room("TestKits", "ExtRefTestKit"),
    room(
        "TestKits", "TrackerConformance", ["ExtRefDomain", "CurlHTTP", "PatternMatching", "ExtRefTrackers"]),
]

// Service: what the product does.
package.targets += [
    room(
        "Service", "ExtRefSecurity",
        ["ExtRefDomain", "CurlHTTP", "PatternMatching", "ExtRefTrackers", crypto, cryptoExtras, jwtKit]),
    room(
        "Service", "ExtRefSync",
        ["ExtRefDomain", "SQLEngine", "ExtRefStore", "CurlHTTP", "PatternMatching", "ExtRefTrackers"]),
    room(
        "Service", "ExtRefServices",
        [
            "ExtRefDomain", "ExtRefMessages", "ProtobufC", "RPC", "RPCMessages", "ExtRefStore",
            "ExtRefTrackers", "PatternMatching", "ExtRefSecurity", "ExtRefSync",
        ]),
    room(
        "TestKits", "SimulatedWorld",
        [
            "ExtRefServices", "ExtRefDomain", "ExtRefMessages", "ExtRefSecurity", "ExtRefStore",
            "ExtRefTrackers", "ExtRefSync", "PatternMatching", "CurlHTTP", "ProtobufC", "RPC", "RPCMessages",
            "SQLEngine", "SQLiteEngine", "ExtRefTestKit",
        ]),
    room("Service", "ExtRefGateway", [hummingbird, hummingbirdCore, httpTypes, logging, nioCore]),
    room(
        "Service", "ExtRefServer",
        [
            "ExtRefDomain", "ExtRefMessages", "ProtobufC", "RPC", "RPCMessages", "TTRPC", "RPCServer",
            "SQLEngine",
            "SQLiteEngine", "ExtRefStore", "ExtRefTrackers", "PatternMatching", "CurlHTTP", "ExtRefSecurity",
            "ExtRefSync", "ExtRefServices", "ExtRefGateway", logging, metrics, configuration, yams,
            systemPackage,
            lifecycle, nioCore,
        ]),
]

// Programs: composition only.
package.targets += [
    program("extrefd", ["ExtRefServer", logging, lifecycle, lifecycleSignals, systemPackage]),
    program(
        "extref",
        [
            "ExtRefDomain", "ExtRefMessages", "ExtRefSecurity", "ProtobufC", "RPC", "RPCMessages",
            "RPCClient",
            argumentParser, systemPackage,
        ]),
    program("extref-simulate", ["SimulatedWorld", argumentParser]),
    program("extref-load", ["ProtobufC", "RPC", "RPCMessages", "TTRPC", argumentParser, histogram]),
]

// Messages that only tests need: shapes which the contract has no use for.
package.targets += [
    .target(
        name: "CFixtureMessages", dependencies: ["CProtobufC", "CMessages"],
        path: "Tests/Fixtures/CFixtureMessages"),
    .target(
        name: "FixtureMessages", dependencies: ["ProtobufC", "RPCMessages", "CFixtureMessages"],
        path: "Tests/Fixtures/FixtureMessages", swiftSettings: viewSettings),
    .target(
        name: "CodecTestKit", dependencies: ["ProtobufC"], path: "Tests/Fixtures/CodecTestKit",
        swiftSettings: settings),
    .target(
        name: "HTTPTestKit", dependencies: [nioCore, nioHTTP1, nioPosix], path: "Tests/Fixtures/HTTPTestKit",
        swiftSettings: settings),
]

// Tests mirror the sources.
package.targets += [
    tests("TidyTests", ["ExtRefDomain"]),
    tests("ExtRefDomainTests", ["ExtRefDomain"]),
    tests("ProtobufCTests", ["ProtobufC", "RPCMessages", "FixtureMessages", "CodecTestKit"]),
    tests("ExtRefMessagesTests", ["ExtRefMessages", "ProtobufC", "RPCMessages", "CodecTestKit"]),
    tests("SQLiteEngineTests", ["SQLEngine", "SQLiteEngine"]),
    tests(
        "ExtRefStoreTests", ["SQLEngine", "SQLiteEngine", "ExtRefDomain", "ExtRefStore", "StoreConformance"]),
    tests("CurlHTTPTests", ["CurlHTTP"]),
    tests("PatternMatchingTests", ["PatternMatching"]),
    tests(
        "ExtRefTrackersTests",
        [
            "ExtRefDomain", "CurlHTTP", "PatternMatching", "ExtRefTrackers", "TrackerConformance",
            "ExtRefStore", "SQLEngine", "ExtRefSync", "ExtRefTestKit",
        ]),
    tests(
        "ExtRefSecurityTests",
        [
            "ExtRefSecurity", "ExtRefDomain", "CurlHTTP", "PatternMatching", "ExtRefTrackers", crypto,
            cryptoExtras,
        ]),
    tests(
        "ExtRefSyncTests",
        [
            "ExtRefSync", "ExtRefDomain", "ExtRefStore", "SQLEngine", "SQLiteEngine", "CurlHTTP",
            "PatternMatching", "ExtRefTrackers", "ExtRefTestKit",
        ]),
    tests(
        "ExtRefServicesTests",
        [
            "ExtRefServices", "ExtRefDomain", "ExtRefMessages", "ExtRefSecurity", "ExtRefStore",
            "ExtRefTrackers",
            "ExtRefSync", "PatternMatching", "CurlHTTP", "ProtobufC", "RPC", "RPCMessages", "SQLEngine",
            "SQLiteEngine",
        ]),
    tests("SimulatedWorldTests", ["SimulatedWorld", "ExtRefTestKit"]),
    tests("ExtRefGatewayTests", ["ExtRefGateway", "ExtRefSecurity", "CurlHTTP", "HTTPTestKit"]),
    tests("RPCTests", ["RPC", "RPCMessages", "ProtobufC"]),
    tests("TTRPCTests", ["TTRPC", "RPC", "RPCMessages", "ProtobufC"], exclude: ["Scripts"]),
    tests(
        "RPCServerTests",
        [
            "RPCServer", "RPCClient", "ExtRefMessages", "TTRPC", "RPC", "RPCMessages", "ProtobufC", nioCore,
            nioPosix,
        ]),
    tests(
        "ExtRefServerTests",
        [
            "ExtRefServer", "ExtRefDomain", "ExtRefTrackers", "ExtRefSync", "RPC", "ExtRefSecurity", logging,
            metrics, metricsTestKit,
        ]),
    tests("ExtRefCLITests", ["extref", "ExtRefMessages", "ProtobufC", "RPC", "RPCMessages", argumentParser]),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "ExtRefServer", "ExtRefDomain", "ExtRefMessages", "ExtRefSecurity", "ExtRefTrackers",
            "ExtRefSync", "ExtRefServices",
            "SQLEngine", "CurlHTTP", "ProtobufC", "RPC", "RPCMessages", "RPCClient", "HTTPTestKit", "extrefd",
            "extref", logging, systemPackage, subprocess,
        ],
        path: "Tests/EndToEnd", swiftSettings: settings),
]
