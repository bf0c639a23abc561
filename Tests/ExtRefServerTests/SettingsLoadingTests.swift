// SPDX-License-Identifier: Apache-2.0

import ExtRefSecurity
import FoundationEssentials
import Logging
import RPC
import Testing

@testable import ExtRefServer

@Suite struct SettingsLoadingTests {
    private static func load(
        _ arguments: [String], environment: [String: String] = [:], file: String? = nil
    ) throws -> ServerSettings {
        guard let file else {
            return try ServerSettings.load(flags: CommandLineFlags(arguments), environment: environment)
        }
        return try TemporaryFile.with(file) { path in
            try ServerSettings.load(
                flags: CommandLineFlags(arguments + ["--config", path]), environment: environment)
        }
    }

    /// The problems of a load that must fail, with the file's path shortened to `FILE`.
    private static func problems(
        _ arguments: [String], environment: [String: String] = [:], file: String = ""
    ) throws -> [String] {
        try TemporaryFile.with(file) { path in
            let error = try #require(throws: ConfigurationError.self) {
                try ServerSettings.load(
                    flags: CommandLineFlags(arguments + ["--config", path]), environment: environment)
            }
            return error.problems.map { $0.description.replacing(path, with: "FILE") }
        }
    }

    @Test func `a data directory is enough`() throws {
        let settings = try Self.load(["--data-dir", "/d"])
        #expect(settings.dataDirectory == "/d")
        #expect(settings.listen == [.tcp(host: "127.0.0.1", port: 7_400)])
        #expect(settings.egress == EgressConfiguration())
        #expect(settings.identity == IdentitySettings())
        #expect(settings.drain == .seconds(20))
    }

    @Test func `a file says everything`() throws {
        let settings = try Self.load(
            [],
            file: """
                data_dir: /var/lib/extref
                listen: [0.0.0.0:7400, "[::1]:7401", "unix:/run/extref.sock"]
                egress:
                  https_only: false
                  ports: [443, 8443]   # a comment
                  allow:
                    - jira.corp.internal
                    - 10.1.2.0/24
                  deny: bad.example.com
                identity:
                  jwks: /etc/extref/keys.json
                  issuer: https://id.example.com
                  token_types: [at+jwt, jwt]
                log: {level: debug, format: json}
                limits:
                  connections: 100
                  deadline_seconds: 30
                drain_seconds: 5
                """)
        #expect(settings.dataDirectory == "/var/lib/extref")
        #expect(
            settings.listen == [
                .tcp(host: "0.0.0.0", port: 7_400), .tcp(host: "::1", port: 7_401),
                .unix(path: "/run/extref.sock"),
            ])
        #expect(!settings.egress.httpsOnly)
        #expect(settings.egress.ports == [443, 8_443])
        #expect(settings.egress.allow.map(\.description) == ["jira.corp.internal", "10.1.2.0/24"])
        #expect(settings.egress.deny.map(\.description) == ["bad.example.com"])
        #expect(settings.identity.issuer?.name == "https://id.example.com")
        #expect(settings.identity.issuer?.types == ["at+jwt", "jwt"])
        #expect(settings.log == LogSettings(level: .debug, format: .json))
        #expect(settings.connectionsMax == 100)
        #expect(settings.deadlineMax == .seconds(30))
        #expect(settings.drain == .seconds(5))
    }

    @Test func `JSON is read too`() throws {
        let settings = try Self.load(
            [], file: #"{"data_dir": "/d", "listen": ["h:1"], "egress": {"https_only": false}}"#)
        #expect(settings.listen == [.tcp(host: "h", port: 1)])
        #expect(!settings.egress.httpsOnly)
    }

    @Test func `flags win over the environment, the environment over the file`() throws {
        let file = "data_dir: /file\ndrain_seconds: 1\nlog: {level: trace}\n"
        let settings = try Self.load(
            ["--data-dir=/flag"], environment: ["EXTREF_DATA_DIR": "/env", "EXTREF_DRAIN_SECONDS": "2"],
            file: file)
        #expect(settings.dataDirectory == "/flag")
        #expect(settings.drain == .seconds(2))
        #expect(settings.log.level == .trace)
    }

    @Test func `lists are repeated as flags and have commas in the environment`() throws {
        let expected: [Endpoint] = [.tcp(host: "a", port: 1), .tcp(host: "b", port: 2)]
        let flags = try Self.load(["--data-dir", "/d", "--listen", "a:1", "--listen=b:2"])
        #expect(flags.listen == expected)
        let environment = try Self.load(
            [], environment: ["EXTREF_DATA_DIR": "/d", "EXTREF_LISTEN": "a:1, b:2"])
        #expect(environment.listen == expected)
    }

    @Test func `every problem of every place is told at once, with its place`() throws {
        let file = """
            data_dir: /d
            lisen: a:1
            egress:
              https_only: maybe
              ports: [0, 443]
              alow: [x]
            limits: 7
            """
        let problems = try Self.problems(
            ["--drain-seconds", "-1", "--colour=x", "stray"],
            environment: ["EXTREF_LISTEN": "nowhere", "EXTREF_EGRES_ALLOW": "x", "PATH": "/bin"], file: file)
        #expect(
            problems == [
                "FILE:2: lisen: is no known setting; did you mean 'listen'?",
                "FILE:6: egress.alow: is no known setting; did you mean 'egress.allow'?",
                "FILE:7: limits: must hold settings as 'name: value'",
                "EXTREF_EGRES_ALLOW: is no known setting; did you mean 'EXTREF_EGRESS_ALLOW'?",
                "--colour: is no known flag",
                "stray: is no flag; settings are given as --name value",
                "EXTREF_LISTEN: listen: must be HOST:PORT, [IPv6]:PORT or unix:/path; it is 'nowhere'",
                "FILE:4: egress.https_only: must be true or false; it is 'maybe'",
                "FILE:5: egress.ports: must be a port, 1 to 65535; it is '0'",
                "--drain-seconds: drain_seconds: must be a whole number from 0 to 600; it is '-1'",
            ])
    }

    @Test(arguments: [
        ([], "data_dir: is required"),
        (["--data-dir", "/d", "--identity-jwks", "k.json"], "needs identity.issuer too"),
        (["--data-dir", "/d", "--identity-issuer", "x"], "needs identity.jwks too"),
        (["--data-dir", "/d", "--identity-local-tokens", "false"], "nobody could call"),
        (["--data-dir", "/d", "--egress-allow-only", "true"], "forbids everything while allow is empty"),
        (["--data-dir", "/d", "--data-dir", "/e"], "is given twice"),
        (["--data-dir"], "needs a value"), (["--data-dir", "--check"], "needs a value"),
        (["--data-dir", "/d", "--config", "/nowhere/x.yaml"], "cannot be read"),
        (["--data-dir", "/d", "--log-level", "loud"], "must be trace, debug"),
        (["--data-dir", "/d", "--limits-connections", "65537"], "from 1 to 65536"),
        (["--data-dir", "/d", "--egress-allow", "http://x"], "egress.allow: must be host[:port]"),
        (["--data-dir", "/d", "--listen", "unix:/" + String(repeating: "x", count: 107)], "listen: must be"),
    ])
    func `what cannot work is refused`(arguments: [String], expected: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Self.load(arguments) }
        #expect(error.description.contains(expected), "\(error)")
    }

    @Test(arguments: [
        ("data_dir: /d\ndata_dir: /e\n", "twice"), ("data_dir: [/d\n", "is not YAML"),
        ("- a\n", "name: value"),
        ("data_dir: {a: b}\n", "must be one value"),
        ("data_dir: [/a, /b]\n", "must be one value, not a list"),
        ("data_dir: /d\nlisten: [[a]]\n", "must be a list of values"),
    ])
    func `a file of the wrong shape is refused`(file: String, expected: String) throws {
        let problems = try Self.problems([], file: file)
        #expect(problems.contains { $0.hasPrefix("FILE") && $0.contains(expected) }, "\(problems)")
    }

    @Test func `an empty file is no problem`() throws {
        #expect(try Self.load(["--data-dir", "/d"], file: "# nothing\n").dataDirectory == "/d")
    }

    @Test func `the client's own variables are left alone`() throws {
        let environment = ["EXTREF_DATA_DIR": "/d", "EXTREF_ADDRESS": "x", "EXTREF_TOKEN_FILE": "y"]
        #expect(try Self.load([], environment: environment).dataDirectory == "/d")
    }

    @Test(arguments: Setting.allCases)
    func `the help names every setting's flag, variable and path`(setting: Setting) {
        #expect(UsageText.text.contains("  \(setting.flag) "))
        #expect(UsageText.text.contains("\(setting.variable), \(setting.rawValue)"))
    }

    @Test(arguments: Setting.allCases)
    func `the operator's page explains every setting`(setting: Setting) throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../docs/operating.md"
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("| `\(setting.rawValue)` |"))
    }

    @Test func `no two settings share a flag or a variable`() {
        #expect(Set(Setting.allCases.map(\.flag)).count == Setting.allCases.count)
        #expect(Set(Setting.allCases.map(\.variable)).count == Setting.allCases.count)
    }

    @Test(arguments: [
        (["--check"], CommandLineFlags.Mode.check), (["--help"], .help), (["-h"], .help),
        (["--version"], .version),
        ([], .serve),
    ])
    func `modes`(arguments: [String], mode: CommandLineFlags.Mode) {
        #expect(CommandLineFlags(arguments).mode == mode)
    }
}
