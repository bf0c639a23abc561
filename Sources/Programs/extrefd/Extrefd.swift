// SPDX-License-Identifier: Apache-2.0

import ExtRefServer
import FoundationEssentials
import Glibc
import Logging
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The server program: reads its settings, starts, serves until it is told to stop.
@main
struct Extrefd {
    static func main() async {
        let flags = CommandLineFlags(Array(CommandLine.arguments.dropFirst()))
        switch flags.mode {
        case .help: print(UsageText.text)
        case .version: print("extrefd \(ServerVersion.text)")
        case .check, .serve: exit(await run(flags))
        }
    }

    private static func run(_ flags: CommandLineFlags) async -> Int32 {
        let settings: ServerSettings
        do throws(ConfigurationError) {
            settings = try ServerSettings.load(flags: flags, environment: ProcessInfo.processInfo.environment)
        } catch {
            for problem in error.problems { complain("extrefd: \(problem)") }
            complain("extrefd: 'extrefd --help' lists every setting")
            return EX_CONFIG
        }
        if flags.mode == .check {
            print("configuration is right")
            return EX_OK
        }
        return await serve(settings)
    }

    private static func serve(_ settings: ServerSettings) async -> Int32 {
        let logger = settings.log.makeLogger(isTerminal: isatty(STDERR_FILENO) == 1)
        do {
            let server = try await Server.start(settings, logger: logger)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [
                        .init(
                            service: AnnouncedServer(server: server, settings: settings, logger: logger),
                            successTerminationBehavior: .gracefullyShutdownGroup)
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            return EX_OK
        } catch let error as StartError {
            complain("extrefd: \(error)")
            logger.error(
                "not started",
                metadata: ["code": "\(error.code.rawValue)", "cause": "\(error.cause.map { "\($0)" } ?? "")"])
            return error.code == .composition ? EX_SOFTWARE : EX_IOERR
        } catch {
            logger.critical("failed", metadata: ["cause": "\(error)"])
            return EX_SOFTWARE
        }
    }

    private static func complain(_ line: String) {
        StandardOutput.write(line, to: .standardError)
    }
}

/// The server, which tells where it listens once signals reach it: whoever reads that may stop it at once.
private struct AnnouncedServer: Service {
    let server: Server
    let settings: ServerSettings
    let logger: Logger

    func run() async throws {
        for address in server.addresses { StandardOutput.write("listening on \(address)") }
        if let address = server.httpAddress { StandardOutput.write("taking webhooks on \(address)") }
        if server.isNewAdminToken {
            StandardOutput.write("admin token in \(settings.dataDirectory)/admin.token")
        }
        logger.info("serving", metadata: ["version": "\(ServerVersion.text)"])
        try await server.run()
    }
}

/// Lines for people and scripts, unbuffered; a reader who went away is no reason to stop.
private enum StandardOutput {
    static func write(_ line: String, to file: FileDescriptor = .standardOutput) {
        _ = try? file.writeAll((line + "\n").utf8)
    }
}
