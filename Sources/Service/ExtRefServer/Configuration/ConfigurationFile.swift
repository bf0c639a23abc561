// SPDX-License-Identifier: Apache-2.0

import Yams

/// The keys of a configuration file, with their lines. Values are read by the configuration library; only
/// this knows what the file says beyond what is asked for, and where.
///
/// The format is YAML, and so JSON too.
struct ConfigurationFile {
    let path: String
    private(set) var problems: [ConfigurationProblem] = []
    private var lines: [Setting: Int] = [:]

    /// Reads the keys of a file's text.
    init(path: String, text: String) {
        self.path = path
        do {
            if let root = try Yams.compose(yaml: text) { visit(root) }
        } catch {
            problems.append(ConfigurationProblem(Self.place(of: error, in: path), Self.message(of: error)))
        }
    }

    /// Where a setting stands.
    func place(of setting: Setting) -> String {
        lines[setting].map { "\(path):\($0)" } ?? path
    }

    private mutating func visit(_ root: Node) {
        if let mapping = root.mapping {
            visit(mapping, prefix: "")
        } else {
            complain(at: root.mark, "must hold settings as 'name: value'")
        }
    }

    private mutating func visit(_ mapping: Node.Mapping, prefix: String) {
        for (key, value) in mapping {
            let name = prefix + (key.string ?? "")
            if let setting = Setting(rawValue: name) {
                lines[setting] = key.mark?.line ?? 0
                judge(value, of: setting, at: key.mark)
            } else if Setting.allCases.contains(where: { $0.rawValue.hasPrefix(name + ".") }) {
                guard let inner = value.mapping else {
                    complain(at: key.mark, "\(name): must hold settings as 'name: value'")
                    continue
                }
                visit(inner, prefix: name + ".")
            } else {
                let known = Setting.allCases.map(\.rawValue)
                complain(
                    at: key.mark, "\(name): is no known setting" + Suggestion.text(for: name, among: known))
            }
        }
    }

    private mutating func judge(_ value: Node, of setting: Setting, at mark: Mark?) {
        if value.mapping != nil || value.sequence?.contains(where: { $0.scalar == nil }) == true {
            complain(
                at: mark, "\(setting.rawValue): must be \(setting.isList ? "a list of values" : "one value")")
        } else if value.sequence != nil, !setting.isList {
            complain(at: mark, "\(setting.rawValue): must be one value, not a list")
        }
    }

    private mutating func complain(at mark: Mark?, _ message: String) {
        problems.append(ConfigurationProblem(mark.map { "\(path):\($0.line)" } ?? path, message))
    }

    private static func place(of error: any Error, in path: String) -> String {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            "\(path):\(mark.line)"
        default: path
        }
    }

    private static func message(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            "is not YAML: \(problem)"
        case .duplicatedKeysInMapping: "holds a setting twice"
        default: "is not YAML"
        }
    }
}
