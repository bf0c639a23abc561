// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension TrustedIssuer {
    /// Reads the issuer's key set file. It is small and public, so a poll compares its bytes: a file's time
    /// can stay the same when two changes come close together.
    func keySetBytes() throws(SecurityError) -> [UInt8] {
        do {
            return try Array(Data(contentsOf: URL(filePath: keySetPath)))
        } catch {
            throw SecurityError(
                .keySetInvalid, "Key set \(keySetPath) of issuer '\(name)' cannot be read.", cause: error)
        }
    }
}
