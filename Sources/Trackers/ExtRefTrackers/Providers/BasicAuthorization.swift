// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
internal import FoundationEssentials

/// HTTP Basic authentication (RFC 7617) in UTF-8.
enum BasicAuthorization {
    /// The header for a login and its password.
    static func header(login: String, password: String) -> HTTPField {
        HTTPField("Authorization", "Basic " + Data("\(login):\(password)".utf8).base64EncodedString())
    }
}
