// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import RPC

/// What to do, checked.
struct LoadPlan {
    let endpoint: Endpoint
    let connections: Int
    let outstanding: Int
    let warmupNanoseconds: UInt64
    let measureNanoseconds: UInt64
    let template: FrameTemplate
    let looksInside: Bool
    let serverPID: Int32?

    init(_ options: ExtrefLoad) throws {
        guard let endpoint = Endpoint(options.address) else {
            throw ValidationError("'\(options.address)' is neither HOST:PORT nor unix:/path.")
        }
        guard (1...LoadLimits.connectionsMax).contains(options.connections) else {
            throw ValidationError("--connections takes 1 to \(LoadLimits.connectionsMax).")
        }
        guard (1...LoadLimits.outstandingMax).contains(options.outstanding) else {
            throw ValidationError("--outstanding takes 1 to \(LoadLimits.outstandingMax).")
        }
        guard options.seconds > 0, options.warmup >= 0,
            options.seconds + options.warmup <= LoadLimits.secondsMax
        else {
            throw ValidationError("--seconds and --warmup take up to \(Int(LoadLimits.secondsMax)) together.")
        }
        self.endpoint = endpoint
        connections = options.connections
        outstanding = options.outstanding
        warmupNanoseconds = UInt64(options.warmup * 1e9)
        measureNanoseconds = UInt64(options.seconds * 1e9)
        looksInside = !options.raw
        serverPID = options.serverPid
        template = try FrameTemplate(
            method: options.method, payload: Self.payload(options), metadata: Self.metadata(options))
    }

    private static func payload(_ options: ExtrefLoad) throws -> [UInt8] {
        switch (options.payloadHex, options.payloadFile) {
        case (nil, nil): return []
        case (let hex?, nil):
            guard let bytes = [UInt8](hex: hex) else {
                throw ValidationError("--payload-hex is not hexadecimal.")
            }
            return bytes
        case (nil, let path?):
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            guard bytes.count <= LoadLimits.payloadBytesMax else {
                throw ValidationError("The payload has more than \(LoadLimits.payloadBytesMax) bytes.")
            }
            return bytes
        case (_?, _?): throw ValidationError("--payload-hex and --payload-file exclude each other.")
        }
    }

    private static func metadata(_ options: ExtrefLoad) throws -> RPCMetadata {
        var metadata = RPCMetadata()
        for pair in options.metadata {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw ValidationError("--metadata takes NAME=VALUE.")
            }
            metadata.append(String(pair[..<equals]), String(pair[pair.index(after: equals)...]))
        }
        return metadata
    }
}

extension [UInt8] {
    /// Reads pairs of hexadecimal digits; nil when there is anything else.
    init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
            else {
                return nil
            }
            append(byte)
        }
    }
}
