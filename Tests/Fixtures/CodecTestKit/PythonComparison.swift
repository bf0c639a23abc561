// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Compares our codec with Google's, message by message.
public struct PythonComparison {
    private let python: PythonProtobuf
    private let types: [String: any ProtobufMessage.Type]

    public init(_ python: PythonProtobuf, _ types: [any ProtobufMessage.Type]) {
        self.python = python
        self.types = Dictionary(uniqueKeysWithValues: types.map { ($0.protoName, $0) })
    }

    /// Answers a sentence for each sample on which the two disagree.
    ///
    /// Both must read the sample alike, and each must read what the other wrote. The bytes themselves may
    /// differ: Google writes the defaults of map entries, protobuf-c leaves them out.
    public func faults(_ samples: [PythonProtobuf.Sample]) throws -> [String] {
        let theirs = try python.reencode(samples)
        let ours = samples.map { sample in
            let bytes = types[sample.name].flatMap { Self.reencode($0, sample.bytes) }
            // What we refuse becomes bytes that Python refuses, so that the two answers differ.
            return PythonProtobuf.Sample(name: sample.name, bytes: bytes ?? [0])
        }
        let oursByThem = try python.reencode(ours)
        return samples.indices.compactMap { index in
            let sample = samples[index]
            guard let type = types[sample.name], let their = theirs[index] else {
                return "\(sample.name): Python refuses it"
            }
            if oursByThem[index] != their {
                return "\(sample.name): Python reads ours otherwise: \(sample.bytes)"
            }
            return Self.reencode(type, their) == ours[index].bytes
                ? nil : "\(sample.name): we read Python's otherwise: \(their)"
        }
    }

    private static func reencode<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) -> [UInt8]?
    {
        try? Message.decode(bytes).encode()
    }
}
