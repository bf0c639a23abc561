// SPDX-License-Identifier: Apache-2.0

/// The command line of `extrefd`: every setting as a flag, and what to do.
///
/// It reads all of it before it complains, so that a person sees every mistake at once.
public struct CommandLineFlags: Sendable {
    /// What the program shall do.
    public enum Mode: Sendable, Hashable {
        case serve
        case check
        case help
        case version
    }

    /// What the program shall do.
    public private(set) var mode = Mode.serve
    /// The configuration file, if one is named.
    public private(set) var file: String?
    /// What was given, by setting.
    private(set) var values: [Setting: [String]] = [:]
    private(set) var problems: [ConfigurationProblem] = []

    static let configFlag = "--config"
    static let configVariable = "EXTREF_CONFIG"

    /// Reads the arguments, without the program's name.
    public init(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--check": mode = .check
            case "--help", "-h": mode = .help
            case "--version": mode = .version
            default: take(argument, from: &rest)
            }
        }
    }

    /// Takes `--name=value`, or `--name` and its value from what follows.
    private mutating func take(_ argument: String, from rest: inout ArraySlice<String>) {
        guard argument.hasPrefix("--") else {
            return complain(argument, "is no flag; settings are given as --name value")
        }
        let equals = argument.firstIndex(of: "=")
        let name = String(argument[..<(equals ?? argument.endIndex)])
        let setting = Setting.allCases.first { $0.flag == name }
        guard setting != nil || name == Self.configFlag else {
            let known = Setting.allCases.map(\.flag) + [Self.configFlag, "--check", "--help", "--version"]
            return complain(name, "is no known flag" + Suggestion.text(for: name, among: known))
        }
        guard let value = equals.map({ String(argument[argument.index(after: $0)...]) }) ?? nextValue(&rest)
        else {
            return complain(name, "needs a value")
        }
        guard let setting else {
            file = value
            return
        }
        if setting.isList {
            values[setting, default: []].append(value)
        } else if values.updateValue([value], forKey: setting) != nil {
            complain(name, "is given twice")
        }
    }

    private func nextValue(_ rest: inout ArraySlice<String>) -> String? {
        guard let next = rest.first, !next.hasPrefix("--") else { return nil }
        return rest.popFirst()
    }

    private mutating func complain(_ place: String, _ message: String) {
        problems.append(ConfigurationProblem(place, message))
    }
}
