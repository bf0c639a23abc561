// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// libcurl's process-wide set-up. Done once, before the first handle, and never undone.
enum CurlLibrary {
    /// Whether libcurl can be used.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The sentence libcurl has for a code.
    static func sentence(for code: CURLcode) -> String {
        unsafe String(cString: curl_easy_strerror(code))
    }
}
