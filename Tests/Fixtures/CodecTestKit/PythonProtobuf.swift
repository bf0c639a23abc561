// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Google's own protobuf library for Python, as a second opinion.
///
/// A small program reads messages from a pipe, parses them, and writes them back encoded by Google's library.
public struct PythonProtobuf {
    /// A message for Python, or from it.
    public struct Sample: Sendable {
        public let name: String
        public let bytes: [UInt8]

        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// Python is missing, or ended with an error.
    public struct Failure: Error {
        public let message: String
    }

    /// A serialized FileDescriptorSet that has the messages.
    public let descriptorSet: [UInt8]

    public init(descriptorSet: [UInt8]) {
        self.descriptorSet = descriptorSet
    }

    /// Answers each sample parsed and encoded again; nil for those that Python refuses.
    public func reencode(_ samples: [Sample]) throws -> [[UInt8]?] {
        var input = Data()
        append(descriptorSet, to: &input)
        for sample in samples {
            append(Array(sample.name.utf8), to: &input)
            append(sample.bytes, to: &input)
        }
        return try read(run(input), count: samples.count)
    }

    private func append(_ bytes: [UInt8], to data: inout Data) {
        var length = WireWriter()
        length.fixed32(UInt32(bytes.count))
        data.append(contentsOf: length.bytes)
        data.append(contentsOf: bytes)
    }

    private func read(_ output: Data, count: Int) throws -> [[UInt8]?] {
        var rest = output[...]
        return try (0..<count).map { _ in
            guard rest.count >= 4 else { throw Failure(message: "Python answered too little") }
            let length = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(4)
            if length == .max { return nil }
            defer { rest = rest.dropFirst(Int(length)) }
            return Array(rest.prefix(Int(length)))
        }
    }

    /// All input is in a file, so that no pipe can fill while nobody reads.
    private func run(_ input: Data) throws -> Data {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("extref-python-\(UInt64.random(in: .min ... .max))")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.program, file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(message: "Python ended with an error; is protobuf installed (pip)?")
        }
        return bytes
    }

    private static let program = """
        import struct, sys
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
        data = open(sys.argv[1], 'rb').read()
        at = 0
        def take():
            global at
            (length,) = struct.unpack_from('<I', data, at)
            at += 4 + length
            return data[at - length:at]
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(take()).file:
            pool.Add(file)
        classes = {}
        while at < len(data):
            name, content = take().decode(), take()
            if name not in classes:
                classes[name] = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
            try:
                answer = classes[name].FromString(content).SerializeToString(deterministic=True)
                sys.stdout.buffer.write(struct.pack('<I', len(answer)) + answer)
            except Exception:
                sys.stdout.buffer.write(struct.pack('<I', 0xFFFFFFFF))
        """
}
