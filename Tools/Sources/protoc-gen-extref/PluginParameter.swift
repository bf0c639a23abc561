// SPDX-License-Identifier: Apache-2.0

/// The plugin's parameter: `emit=<job>[,<key>=<value>]...`.
///
/// - `emit=c`: C code through protoc-gen-c, an umbrella header and the descriptor set.
/// - `emit=messages`: Swift values, their bridge to the C structs, and views.
/// - `emit=services`: Swift method descriptors, handler protocols, bindings and clients.
/// - `emit=all`: messages and services.
/// - `module=Name`: the Swift module that the output belongs to.
/// - `c_module=Name`: the module of the C structs.
/// - `catalog=Name`: also writes `enum Name` which lists every generated message.
/// - `descriptors=name`: with `emit=c`, also writes a C function of this name for the descriptor set.
struct PluginParameter {
    enum Emit: Equatable {
        case c
        case swift(SwiftParts)
    }

    struct SwiftParts: OptionSet {
        let rawValue: Int
        static let messages = SwiftParts(rawValue: 1)
        static let services = SwiftParts(rawValue: 2)
    }

    private(set) var emit = Emit.swift([.messages, .services])
    private(set) var module = "ExtRefMessages"
    private(set) var cModule = "CMessages"
    private(set) var catalog: String?
    private(set) var descriptorFunction: String?

    init(_ text: String) throws {
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw GeneratorFault("parameter '\(pair)' is not of the form key=value")
            }
            try set(parts[0], to: parts[1])
        }
    }

    private mutating func set(_ key: String, to value: String) throws {
        switch (key, value) {
        case ("emit", "c"): emit = .c
        case ("emit", "messages"): emit = .swift(.messages)
        case ("emit", "services"): emit = .swift(.services)
        case ("emit", "all"): emit = .swift([.messages, .services])
        case ("module", _): module = value
        case ("c_module", _): cModule = value
        case ("catalog", _): catalog = value
        case ("descriptors", _): descriptorFunction = value
        default: throw GeneratorFault("unknown parameter '\(key)=\(value)'")
        }
    }
}
