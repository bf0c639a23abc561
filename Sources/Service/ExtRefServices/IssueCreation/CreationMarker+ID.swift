// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefTrackers

extension CreationMarker {
    private static let uuidBytes = 16

    /// The marker of a wish: the same on every try.
    init(_ id: CreationID) {
        let word = id.rawValue.drop { $0 != "_" }.dropFirst().lowercased()
        self.init(text: "extref-" + word, uuid: Self.uuid(of: id))
    }

    /// A UUID of version 4's form (RFC 9562, 5.4) whose bits come from the id's digest.
    private static func uuid(of id: CreationID) -> String {
        var bytes = Array(ContentHash.sha256(Array(id.rawValue.utf8)).prefix(uuidBytes))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
        return groups.joined(separator: "-")
    }
}
