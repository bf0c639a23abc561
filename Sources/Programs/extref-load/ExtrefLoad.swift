// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import RPC

/// Loads a ttrpc server with one method and reports how it did.
@main
struct ExtrefLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extref-load",
        abstract: "Load a ttrpc server with calls of one method and measure them.",
        discussion: """
            A closed loop: every connection keeps its calls outstanding and sends a new one for each answer. \
            Frames are built before the run, so the generator costs little beside the server it measures. With \
            --server-pid the server's CPU time per call and its memory are read from /proc.

            Exit codes: 0 measured, 1 the server failed or answered with errors, 64 the command line is wrong.
            """)

    @Argument(help: "The server: HOST:PORT or unix:/path. A host is a numeric address.")
    var address: String

    @Option(help: "Connections to open.")
    var connections = 1

    @Option(help: "Calls in flight on each connection.")
    var outstanding = 1

    @Option(help: "Seconds to measure.")
    var seconds = 3.0

    @Option(help: "Seconds to run before the measurement.")
    var warmup = 0.5

    @Option(help: "The method as SERVICE/METHOD.")
    var method = "grpc.health.v1.Health/Check"

    @Option(
        help: "The encoded request in hexadecimal. Twelve # in it become a number that is new for each call.")
    var payloadHex: String?

    @Option(help: "A file that holds the encoded request.")
    var payloadFile: String?

    @Option(help: "NAME=VALUE to send beside the request; may be repeated.")
    var metadata: [String] = []

    @Option(help: "Process whose CPU time and memory are reported.")
    var serverPid: Int32?

    @Flag(help: "Take every frame as an answer, without looking inside: for echo servers.")
    var raw = false

    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() throws {
        let plan = try LoadPlan(self)
        let result = try LoadRun(plan).measure()
        print(json ? result.json : result.text)
        if result.failureCount > 0 { throw ExitCode.failure }
    }
}
