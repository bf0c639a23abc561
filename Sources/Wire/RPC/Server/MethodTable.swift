// SPDX-License-Identifier: Apache-2.0

/// All methods that a server offers. It is built once and then only read.
///
/// Look-up takes the names as bytes of the request, so that a call makes no strings of them.
public struct MethodTable: Sendable {
    /// A table could not be built.
    public struct Conflict: Error, Sendable, CustomStringConvertible {
        /// The method that was registered twice.
        public let descriptor: MethodDescriptor
        /// What happened.
        public var description: String { "\(descriptor) is registered twice" }
    }

    /// What look-up finds.
    public enum Match: Sendable {
        /// A unary method and its place in `bindings`.
        case unary(MethodBinding)
        /// A method that streams; it has no binding here.
        case streaming
        /// No such method.
        case none
    }

    /// All bindings, in the order of registration.
    public let bindings: [MethodBinding]

    /// The places of the bindings whose names have a hash. Callers can craft names that share a hash with a
    /// method, but not two methods that do, so the list for a hash stays as short as we made it.
    private let places: [UInt64: [Int]]

    /// Methods that are known but cannot be called here.
    private let streaming: Set<String>

    /// Builds a table.
    ///
    /// - Parameters:
    ///   - bindings: the unary methods.
    ///   - descriptors: all methods of the services; the streaming ones among them get an answer of their
    ///     own.
    /// - Throws: `Conflict` when two bindings are for one method. It is a fault of the program, found at its
    ///   start.
    public init(
        _ bindings: [MethodBinding], describing descriptors: [MethodDescriptor] = []
    ) throws(Conflict) {
        var places: [UInt64: [Int]] = [:]
        var seen: Set<String> = []
        for (place, binding) in bindings.enumerated() {
            let descriptor = binding.descriptor
            guard seen.insert(descriptor.description).inserted else { throw Conflict(descriptor: descriptor) }
            places[Self.hash(descriptor), default: []].append(place)
        }
        self.bindings = bindings
        self.places = places
        streaming = Set(descriptors.filter { $0.kind != .unary }.map(\.description))
    }

    /// Finds a method by the bytes of its names.
    public func find(service: Span<UInt8>, method: Span<UInt8>) -> Match {
        var hash = NameHash()
        hash.add(service)
        hash.add(UInt8(ascii: "/"))
        hash.add(method)
        for place in places[hash.value] ?? [] {
            let descriptor = bindings[place].descriptor
            if descriptor.service.hasBytes(service) && descriptor.method.hasBytes(method) {
                return .unary(bindings[place])
            }
        }
        return streaming.isEmpty ? .none : findStreaming(service: service, method: method)
    }

    /// Finds a method by its descriptor.
    public func find(_ descriptor: MethodDescriptor) -> Match {
        for place in places[Self.hash(descriptor)] ?? [] {
            let candidate = bindings[place].descriptor
            if candidate.service == descriptor.service && candidate.method == descriptor.method {
                return .unary(bindings[place])
            }
        }
        return streaming.contains(descriptor.description) ? .streaming : .none
    }

    private func findStreaming(service: Span<UInt8>, method: Span<UInt8>) -> Match {
        let isKnown = streaming.contains { name in
            name.utf8.count == service.count + 1 + method.count && name.hasBytes(service, slash: method)
        }
        return isKnown ? .streaming : .none
    }

    private static func hash(_ descriptor: MethodDescriptor) -> UInt64 {
        var hash = NameHash()
        for byte in descriptor.description.utf8 { hash.add(byte) }
        return hash.value
    }
}

/// FNV-1a, which needs neither a string nor a seed.
private struct NameHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    mutating func add(_ bytes: Span<UInt8>) {
        for index in bytes.indices { add(bytes[index]) }
    }
}

extension String {
    fileprivate func hasBytes(_ bytes: Span<UInt8>) -> Bool {
        let own = utf8.span
        guard own.count == bytes.count else { return false }
        for index in own.indices where own[index] != bytes[index] { return false }
        return true
    }

    fileprivate func hasBytes(_ head: Span<UInt8>, slash tail: Span<UInt8>) -> Bool {
        let own = utf8.span
        for index in head.indices where own[index] != head[index] { return false }
        guard own[head.count] == UInt8(ascii: "/") else { return false }
        for index in tail.indices where own[head.count + 1 + index] != tail[index] { return false }
        return true
    }
}
