// SPDX-License-Identifier: Apache-2.0

/// Where the messages of a proto package live in Swift.
enum PackageMap {
    private static let foreign: [String: (prefix: String, module: String)] = [
        "google.protobuf": ("Google", "RPCMessages"),
        "google.rpc": ("GoogleRPC", "RPCMessages"),
        "ttrpc": ("TTRPC", "RPCMessages"),
        "grpc.health.v1": ("Health", "RPCMessages"),
    ]

    /// What the Swift names of the package's types begin with.
    static func prefix(of package: String) -> String {
        foreign[package]?.prefix ?? ""
    }

    /// The Swift module of the package's messages; nil means the module being generated.
    static func module(of package: String) -> String? {
        foreign[package]?.module
    }
}
