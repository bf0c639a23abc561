// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// The wire's form of a revision number.
enum ETag {
    /// Writes a revision.
    static func text(_ revision: Int64) -> String { "r\(revision)" }

    /// Reads what a caller sent; empty = no check.
    static func revision(_ text: String, field: String = "etag") throws(DomainError) -> Int64? {
        if text.isEmpty { return nil }
        guard text.first == "r", let revision = Int64(text.dropFirst()), revision > 0,
            self.text(revision) == text
        else { throw .invalid(field, "must be an etag read from this server, such as \"r3\", or empty") }
        return revision
    }
}
