// SPDX-License-Identifier: Apache-2.0

public import CProtobufC

/// Builds the members of C structs from Swift values. For generated code.
extension Arena {
    /// A C struct that protobuf-c's generated `…__init` function has initialized.
    @unsafe @inlinable
    public func makeStruct<CMessage>(
        _ initialize: (UnsafeMutablePointer<CMessage>?) -> Void
    ) -> UnsafeMutablePointer<CMessage> {
        let memory = unsafe allocate(MemoryLayout<CMessage>.size)
        let message = unsafe memory.bindMemory(to: CMessage.self, capacity: 1)
        unsafe initialize(message)
        return unsafe message
    }

    /// A copy of a string's UTF-8.
    @unsafe
    public func text(_ value: String) -> ProtobufCBinaryData {
        // Strings from elsewhere than Swift may have no UTF-8 to lend; those are copied twice.
        unsafe value.utf8.withContiguousStorageIfAvailable { unsafe copy(UnsafeRawBufferPointer($0)) }
            ?? bytes(Array(value.utf8))
    }

    /// A copy of bytes.
    @unsafe
    public func bytes(_ value: [UInt8]) -> ProtobufCBinaryData {
        unsafe value.withUnsafeBytes { unsafe copy($0) }
    }

    /// A bool as C has it.
    @inlinable
    public func bool(_ value: Bool) -> protobuf_c_boolean {
        value ? 1 : 0
    }

    /// An enumeration as C has it.
    @inlinable
    public func enumeration<CEnum: RawRepresentable>(
        _ value: some ProtobufEnum, as: CEnum.Type = CEnum.self
    ) -> CEnum where CEnum.RawValue: FixedWidthInteger {
        guard let value = CEnum(rawValue: CEnum.RawValue(truncatingIfNeeded: value.rawValue)) else {
            preconditionFailure("C enumerations take any number")
        }
        return value
    }

    /// The C struct of a nested message.
    @unsafe @inlinable
    public func message<CMessage>(
        _ value: some ProtobufMessage, as: CMessage.Type = CMessage.self
    ) -> UnsafeMutablePointer<CMessage> {
        unsafe value.makeStruct(in: self).assumingMemoryBound(to: CMessage.self)
    }

    /// The elements of a repeated field, each made by `make`; nil when there are none.
    @unsafe @inlinable
    public func array<Element, CElement>(
        _ elements: some Collection<Element>, _ make: (Element) -> CElement
    ) -> UnsafeMutablePointer<CElement>? {
        guard !elements.isEmpty else { return nil }
        let memory = unsafe allocate(elements.count * MemoryLayout<CElement>.stride)
        let array = unsafe memory.bindMemory(to: CElement.self, capacity: elements.count)
        for (index, element) in elements.enumerated() {
            unsafe (array + index).initialize(to: make(element))
        }
        return unsafe array
    }

    private func copy(_ bytes: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
        guard let source = bytes.baseAddress, bytes.count > 0 else {
            return unsafe ProtobufCBinaryData(len: 0, data: nil)
        }
        let memory = unsafe allocate(bytes.count)
        unsafe memory.copyMemory(from: source, byteCount: bytes.count)
        return unsafe ProtobufCBinaryData(
            len: bytes.count, data: memory.assumingMemoryBound(to: UInt8.self))
    }
}
