// SPDX-License-Identifier: Apache-2.0

public import CProtobufC

/// An unpacked C struct on loan: it, and all views and spans made from it, cannot leave the arena's scope.
///
/// Generated views are built on it.
@safe
public struct BorrowedStruct: ~Escapable {
    /// The C struct. Its message type is known only to the generated code that asked for it.
    @unsafe public let pointer: UnsafeRawPointer

    @_lifetime(borrow arena)
    init(_ pointer: UnsafeRawPointer, in arena: borrowing Arena) {
        unsafe self.pointer = unsafe pointer
    }

    @_lifetime(copy owner)
    private init(_ pointer: UnsafeRawPointer, ownedBy owner: borrowing BorrowedStruct) {
        unsafe self.pointer = unsafe pointer
    }

    /// The bytes of a string or bytes field.
    @unsafe @_lifetime(copy self)
    public func bytes(_ data: ProtobufCBinaryData) -> Span<UInt8> {
        let elements = unsafe UnsafeBufferPointer(start: data.data, count: data.len)
        let span = unsafe Span<UInt8>(_unsafeElements: elements)
        return unsafe _overrideLifetime(span, copying: self)
    }

    /// A nested message, nil when absent.
    @unsafe @_lifetime(copy self)
    public func message<CMessage>(_ nested: UnsafeMutablePointer<CMessage>?) -> BorrowedStruct? {
        guard let nested = unsafe nested else { return nil }
        return unsafe BorrowedStruct(UnsafeRawPointer(nested), ownedBy: self)
    }

    /// An element of a repeated message field; protobuf-c leaves none out.
    @unsafe @_lifetime(copy self)
    public func element<CMessage>(_ nested: UnsafeMutablePointer<CMessage>?) -> BorrowedStruct {
        guard let nested = unsafe nested else { preconditionFailure("an unpacked element is missing") }
        return unsafe BorrowedStruct(UnsafeRawPointer(nested), ownedBy: self)
    }
}

extension String {
    /// Copies text out of a view, whose bytes the guard has found to be UTF-8.
    public init(copying text: Span<UInt8>) {
        self = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension [UInt8] {
    /// Copies bytes out of a view.
    public init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }
}
