// SPDX-License-Identifier: Apache-2.0

import ExtRefServer
import Foundation
import RPC
import Subprocess
import Testing

/// The real `extref` and `extrefd`, as people and scripts run them.
@Suite struct CommandLineTests {
    private static func run(
        _ arguments: [String], of program: String = "extref", environment: [String: String] = [:]
    ) async throws -> Programs.Run {
        try await Programs.run(program, arguments, environment: environment)
    }

    private static func json(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    private static func environment(of server: TestServer) -> [String: String] {
        ["EXTREF_ADDRESS": "\(server.server.addresses[0])", "EXTREF_DATA_DIR": server.directory]
    }

    @Test func `the first minutes work with nothing but the data directory`() async throws {
        try await TestServer.with { server in
            let environment = Self.environment(of: server)
            let created = try await Self.run(
                [
                    "sources", "create", "--provider", "custom", "--name", "Bugs", "--url",
                    "https://bugs.example.com", "--json",
                ], environment: environment)
            #expect(created.status == .exited(0), "\(created.errors)")
            let source = try #require(try Self.json(created.output)["source"] as? [String: Any])
            #expect(source["displayName"] as? String == "Bugs")

            let linked = try await Self.run(
                [
                    "links", "create", "--project", "P1", "--object", "case:TC-1", "--relation", "defect",
                    "--key",
                    "PROJ-12", "--source", "bugs",
                ], environment: environment)
            #expect(linked.status == .exited(0), "\(linked.errors)")
            #expect(linked.output.contains("PROJ-12"))
            #expect(!linked.output.contains("\u{1B}"), "a pipe gets no colours")

            let listed = try await Self.run(["links", "list", "--project", "P1"], environment: environment)
            #expect(listed.output.split(separator: "\n").count == 2)
            let export = try await Self.run(["links", "export", "--project", "P1"], environment: environment)
            #expect(
                export.output
                    == #"{"object": {"kind": "case", "id": "TC-1"}, "sourceName": "Bugs", "key": "PROJ-12", "#
                    + #""url": "https://bugs.example.com/PROJ-12", "relationName": "Defect"}"# + "\n")
        }
    }

    @Test func `a failed call exits 1 and tells people and programs why`() async throws {
        try await TestServer.with { server in
            let arguments = [
                "links", "create", "--project", "P1", "--object", "case:TC-1", "--relation", "Defect",
                "--key", "1",
            ]
            let people = try await Self.run(arguments, environment: Self.environment(of: server))
            #expect(people.status == .exited(1))
            #expect(people.output == "")
            #expect(people.errors.contains("NO_SOURCE_CONFIGURED"))
            #expect(people.errors.contains("extref sources create"))
            let programs = try await Self.run(
                arguments + ["--json"], environment: Self.environment(of: server))
            #expect(programs.status == .exited(1))
            let error = try #require(try Self.json(programs.errors)["error"] as? [String: Any])
            #expect(error["code"] as? String == "FAILED_PRECONDITION")
            #expect(error["reason"] as? String == "NO_SOURCE_CONFIGURED")
        }
    }

    @Test(arguments: [
        ["links", "create", "--project", "P1"], ["nonsense"], ["links", "list"],
        ["health", "--address", "no address"], ["sources", "list", "--token-file", "/nowhere"],
        ["token", "mint", "--subject", "x", "--tenant-admin", "--data-dir", "/nowhere"],
    ])
    func `a wrong command line exits 64`(arguments: [String]) async throws {
        let run = try await Self.run(arguments)
        #expect(run.status == .exited(64), "\(run.errors)")
        #expect(run.output == "")
    }

    @Test func `a server that is not there is said so`() async throws {
        let run = try await Self.run(["health", "--address", "unix:/nowhere.sock", "--timeout", "2s"])
        #expect(run.status == .exited(1))
        #expect(run.errors.contains("UNAVAILABLE"))
        #expect(run.errors.contains("Is extrefd running"))
    }

    @Test func `health needs no token`() async throws {
        try await TestServer.with { server in
            let address = "\(server.server.addresses[0])"
            let run = try await Self.run(["health", "--address", address])
            #expect(run.status == .exited(0))
            #expect(run.output == "serving\n")
            let unknown = try await Self.run(["health", "--address", address, "no.such.Service"])
            #expect(unknown.status == .exited(1))
        }
    }

    @Test func `a minted token carries its roles and no others`() async throws {
        try await TestServer.with { server in
            let minted = try await Self.run([
                "token", "mint", "--data-dir", server.directory, "--subject", "reader", "--project",
                "P1:read",
            ])
            #expect(minted.status == .exited(0), "\(minted.errors)")
            let token = minted.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let environment = ["EXTREF_ADDRESS": "\(server.server.addresses[0])", "EXTREF_TOKEN": token]
            let allowed = try await Self.run(["links", "list", "--project", "P1"], environment: environment)
            #expect(allowed.status == .exited(0))
            let refused = try await Self.run(["links", "list", "--project", "P2"], environment: environment)
            #expect(refused.status == .exited(1))
            #expect(refused.errors.contains("PERMISSION_DENIED"))
        }
    }

    @Test func `changes are listed, and watched through a restart`() async throws {
        try await TemporaryDirectory.with { path in
            let directory = path + "/data"
            let (address, watching) = try await TestServer.with(directory: directory) { server in
                let environment = Self.environment(of: server)
                let source = try await server.admin().createCustomSource()
                let listed = try await Self.run(["changes", "list"], environment: environment)
                #expect(listed.status == .exited(0) && listed.output.contains(source), "\(listed.errors)")
                let (printed, lines) = AsyncStream.makeStream(of: String.self)
                let watching = Task {
                    try await Self.watch(
                        ["--after", "0", "--count", "4", "--json"], environment: environment, lines)
                }
                _ = try await server.tester().link(.key("1", of: source))
                // A watch that was never connected would take the restart for a wrong address.
                for await _ in printed { break }
                return (server.server.addresses, watching)
            }
            try await TestServer.with(directory: directory, change: { $0.listen = address }) { server in
                _ = try await server.tester().link(.key("2", of: ""))
                let (status, lines) = try await watching.value
                #expect(status == .exited(0))
                #expect(try lines.map { try Self.json($0)["cursor"] as? String } == ["1", "2", "3", "4"])
            }
        }
    }

    /// Watches changes, and tells of each line when it is printed.
    private static func watch(
        _ arguments: [String], environment: [String: String], _ printed: AsyncStream<String>.Continuation
    ) async throws -> (status: TerminationStatus, lines: [String]) {
        let result = try await Subprocess.run(
            Programs.executable("extref"), arguments: Arguments(["changes", "watch"] + arguments),
            environment: Programs.environment(environment), input: .none, output: .sequence, error: .discarded
        ) { execution in
            var lines = [String]()
            defer { printed.finish() }
            for try await line in execution.standardOutput.strings() {
                lines.append(line)
                printed.yield(line)
            }
            return lines
        }
        return (result.terminationStatus, result.closureResult)
    }

    @Test func `extrefd checks its configuration and exits 78 with every mistake`() async throws {
        let right = try await Self.run(["--data-dir", "/nowhere", "--check"], of: "extrefd")
        #expect(right.status == .exited(0))
        let wrong = try await Self.run(
            ["--check", "--lisen", "x"], of: "extrefd", environment: ["EXTREF_DRAIN_SECONDS": "soon"])
        #expect(wrong.status == .exited(78))
        for mistake in ["--lisen", "EXTREF_DRAIN_SECONDS", "data_dir"] {
            #expect(wrong.errors.contains(mistake), "\(wrong.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: "/nowhere"))
    }

    @Test func `extrefd ends with 0 after SIGTERM`() async throws {
        try await TemporaryDirectory.with { path in
            let ended = try await ServerProcess.with(directory: path + "/data") { try $0.terminate() }
            #expect(ended.status == .exited(0))
        }
    }
}
