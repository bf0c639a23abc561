// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a copy of borrowed bytes.
    mutating func append(copying bytes: Span<UInt8>) {
        // The pointer lives for the closure, and so does the copying.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
