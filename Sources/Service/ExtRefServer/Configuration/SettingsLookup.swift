// SPDX-License-Identifier: Apache-2.0

import Configuration

/// Finds a setting's text where it is said: flags win over the environment, the environment over the file.
struct SettingsLookup {
    /// A source of settings, and how it names the place of one.
    struct Layer {
        /// Asks the configuration library.
        let value: (AbsoluteConfigKey, ConfigType) throws -> LookupResult
        let place: (Setting) -> String
    }

    /// A setting's text as found.
    struct Found {
        let values: [String]
        let place: String
    }

    /// The first that holds a setting decides.
    let layers: [Layer]

    func find(_ setting: Setting) throws(ConfigurationProblem) -> Found? {
        for layer in layers {
            let place = layer.place(setting)
            do {
                if let values = try values(of: setting, in: layer) {
                    return Found(values: values, place: place)
                }
            } catch {
                throw ConfigurationProblem(
                    place, "\(setting.rawValue): must be \(setting.isList ? "a list of values" : "one value")"
                )
            }
        }
        return nil
    }

    private func values(of setting: Setting, in layer: Layer) throws -> [String]? {
        if setting.isList, let content = try? layer.value(setting.key, .stringArray).value?.content {
            guard case .stringArray(let texts) = content else { return nil }
            return texts
        }
        // A list of one may be written as the one value it is.
        guard case .string(let text) = try layer.value(setting.key, .string).value?.content else {
            return nil
        }
        return [text]
    }
}

extension Setting {
    /// The setting as the configuration library names it.
    var key: AbsoluteConfigKey {
        AbsoluteConfigKey(rawValue.split(separator: ".").map(String.init))
    }
}
