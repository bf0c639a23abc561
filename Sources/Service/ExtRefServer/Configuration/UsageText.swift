// SPDX-License-Identifier: Apache-2.0

/// What `extrefd --help` prints.
public enum UsageText {
    private static let columns = 100
    private static let indent = 6

    /// The whole help.
    public static var text: String {
        """
        extrefd: serves links between test objects and issues of external trackers.

        USAGE
          extrefd --data-dir DIR [--listen HOST:PORT] [settings]
          extrefd --config FILE
          extrefd --check ...       check the configuration and exit: 0 right, 78 wrong
          extrefd --version

        EXAMPLE
          extrefd --data-dir /var/lib/extref --listen 127.0.0.1:7400
          extref --data-dir /var/lib/extref sources list

          The first start makes the directory, its keys, and admin.token: the token of a Tenant Admin of
          the tenant "local". SIGTERM and SIGINT end the server after the calls in flight.

        SETTINGS
          Each is a flag, an environment variable, and a name in the file (YAML or JSON) that --config or
          EXTREF_CONFIG names. Flags win over the environment, the environment over the file. Lists are
          repeated as flags and have commas in the environment. A name that is not known is refused.

        \(Setting.allCases.map(entry).joined(separator: "\n"))
        EXIT CODES
          0 ended as asked, 70 a fault while running, 74 a file, key or address failed,
          78 the configuration is wrong.
        """
    }

    private static func entry(_ setting: Setting) -> String {
        let repeats = setting.isList ? " ..." : ""
        return """
              \(setting.flag) \(setting.placeholder)\(repeats)
            \(wrapped("\(setting.summary) \(standard(setting))"))
                  \(setting.variable), \(setting.rawValue)

            """
    }

    private static func standard(_ setting: Setting) -> String {
        setting == .dataDirectory ? "Required." : "Default: \(setting.standard)."
    }

    private static func wrapped(_ text: String) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count + 1 > columns - indent { lines.append("") }
            lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? String(word) : " " + word
        }
        return lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }
}
