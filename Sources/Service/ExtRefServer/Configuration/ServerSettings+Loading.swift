// SPDX-License-Identifier: Apache-2.0

import Configuration
import FoundationEssentials

extension ServerSettings {
    /// Variables that begin with `EXTREF_` and are the client's business, not this server's.
    private static let clientVariables: Set<String> = [
        "EXTREF_ADDRESS", "EXTREF_TOKEN", "EXTREF_TOKEN_FILE", CommandLineFlags.configVariable,
    ]

    /// Reads the settings from the file, the environment and the flags; the later ones win.
    /// - Throws: ``ConfigurationError`` with everything that is wrong, unknown names included.
    public static func load(
        flags: CommandLineFlags, environment: [String: String]
    ) throws(ConfigurationError) -> ServerSettings {
        var problems: [ConfigurationProblem] = []
        var layers = [flagLayer(flags), environmentLayer(environment)]
        if let path = flags.file ?? environment[CommandLineFlags.configVariable] {
            layers += fileLayer(path, problems: &problems)
        }
        problems += unknownVariables(in: environment) + flags.problems
        var reader = SettingsReader(SettingsLookup(layers: layers), problems: problems)
        let settings = reader.settings()
        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
        return settings
    }

    private static func flagLayer(_ flags: CommandLineFlags) -> SettingsLookup.Layer {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (setting, texts) in flags.values {
            let content = setting.isList ? ConfigContent.stringArray(texts) : .string(texts.first ?? "")
            values[setting.key] = ConfigValue(content, isSecret: false)
        }
        let provider = InMemoryProvider(name: "flags", values: values)
        return SettingsLookup.Layer(value: provider.value(forKey:type:), place: \.flag)
    }

    private static func environmentLayer(_ environment: [String: String]) -> SettingsLookup.Layer {
        let provider = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(
            with: "extref")
        return SettingsLookup.Layer(value: provider.value(forKey:type:), place: \.variable)
    }

    private static func fileLayer(
        _ path: String, problems: inout [ConfigurationProblem]
    ) -> [SettingsLookup.Layer] {
        guard let data = FileManager.default.contents(atPath: path) else {
            problems.append(ConfigurationProblem(path, "cannot be read"))
            return []
        }
        guard data.count <= ServerLimits.configurationBytesMax else {
            problems.append(
                ConfigurationProblem(path, "is larger than \(ServerLimits.configurationBytesMax) bytes"))
            return []
        }
        let file = ConfigurationFile(path: path, text: String(decoding: data, as: UTF8.self))
        problems += file.problems
        // A file whose shape is wrong is not read further: its values would only raise the same complaints
        // again.
        guard let snapshot = try? YAMLSnapshot(data: data.bytes, providerName: path, parsingOptions: .default)
        else {
            return []
        }
        return [SettingsLookup.Layer(value: snapshot.value(forKey:type:), place: file.place(of:))]
    }

    private static func unknownVariables(in environment: [String: String]) -> [ConfigurationProblem] {
        let known = Set(Setting.allCases.map(\.variable)).union(clientVariables)
        return environment.keys.sorted()
            .filter { $0.hasPrefix("EXTREF_") && !known.contains($0) }
            .map { name in
                ConfigurationProblem(
                    name, "is no known setting" + Suggestion.text(for: name, among: known.sorted()))
            }
    }
}
