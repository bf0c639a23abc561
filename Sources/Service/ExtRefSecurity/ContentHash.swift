// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A hash that tells contents apart: repeats of a request, queries of a page token. Not a MAC.
public enum ContentHash {
    /// SHA-256 over the bytes: 32 bytes.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: bytes))
    }
}
