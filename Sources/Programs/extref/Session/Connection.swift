// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import RPC

/// Where to call and as whom: the options, then the environment, then what lies on this machine.
struct Connection: Sendable, Hashable {
    static let addressDefault = "127.0.0.1:7400"

    /// `HOST:PORT` or `unix:/path`.
    let address: String
    /// The bearer token; nil calls without one, which only health allows.
    let token: String?

    init(_ options: GlobalOptions, environment: [String: String], files: InputFiles) throws(ValidationError) {
        address =
            options.address ?? environment["EXTREF_ADDRESS"].flatMap { $0.isEmpty ? nil : $0 }
            ?? Self.addressDefault
        token = try Self.token(options, environment: environment, files: files)
    }

    /// What travels beside every request.
    var metadata: RPCMetadata {
        token.map { ["authorization": "Bearer \($0)"] } ?? RPCMetadata()
    }

    private static func token(
        _ options: GlobalOptions, environment: [String: String], files: InputFiles
    ) throws(ValidationError) -> String? {
        if let token = options.token { return token }
        if let file = options.tokenFile { return try read(file, files) }
        if let token = environment["EXTREF_TOKEN"], !token.isEmpty { return token }
        if let file = environment["EXTREF_TOKEN_FILE"], !file.isEmpty { return try read(file, files) }
        if let directory = options.dataDir ?? environment["EXTREF_DATA_DIR"], !directory.isEmpty {
            return try read(directory + "/admin.token", files)
        }
        return nil
    }

    private static func read(_ path: String, _ files: InputFiles) throws(ValidationError) -> String {
        let text = try files.text(at: path, bytesMax: CLILimits.secretFileBytesMax)
        let token = text.filter { !$0.isWhitespace }
        guard !token.isEmpty else { throw ValidationError("The token file '\(path)' is empty.") }
        return token
    }
}
