// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// One request on its way: what libcurl needs, and what has come back so far.
///
/// `@unchecked Sendable` because the caller only makes it and reads ``outcome``; everything else is touched
/// by the transfer loop's thread alone, which gets it through a lock and on which libcurl calls back.
@safe
final class Transfer: @unchecked Sendable {
    let outcome = OneShot<HTTPResponse>()
    let request: HTTPRequest
    let target: EgressTarget
    let addresses: [IPAddress]
    let policy: any EgressPolicy
    let configuration: HTTPClientConfiguration
    let deadline: ContinuousClock.Instant

    private(set) var handle: UnsafeMutableRawPointer?
    var url: OpaquePointer?
    /// Lists that libcurl reads until the transfer ends: headers and pinned addresses.
    var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []

    var body: [UInt8] = []
    var headers: [HTTPField] = []
    var headerBytes = 0
    /// Set by a callback that ends the transfer, because libcurl's own code would not say why.
    var failure: HTTPError?

    init(
        _ request: HTTPRequest, to target: EgressTarget, at addresses: [IPAddress], policy: any EgressPolicy,
        configuration: HTTPClientConfiguration, deadline: ContinuousClock.Instant
    ) {
        self.request = request
        self.target = target
        self.addresses = addresses
        self.policy = policy
        self.configuration = configuration
        self.deadline = deadline
    }

    var bodyBytesMax: Int { max(0, min(request.bodyBytesMax, HTTPLimits.bodyBytesMax)) }

    /// Makes the easy handle with every option set; nil when libcurl refuses one.
    func makeHandle() -> UnsafeMutableRawPointer? {
        guard let new = unsafe curl_easy_init() else { return nil }
        unsafe handle = new
        return unsafe configure(new) ? new : nil
    }

    /// Frees all that libcurl holds of it. Safe to call again.
    func freeHandle() {
        if let handle = unsafe handle { unsafe curl_easy_cleanup(handle) }
        unsafe handle = nil
        unsafe lists.forEach { unsafe curl_slist_free_all($0) }
        unsafe lists = []
        if let url = unsafe url { unsafe curl_url_cleanup(url) }
        unsafe url = nil
    }

    /// The transfer behind a handle. It lives: the loop keeps it until it has removed the handle.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        guard unsafe extref_curl_get_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK,
            let context = unsafe context
        else { return nil }
        return unsafe of(context: context)
    }

    /// The transfer behind a callback's context.
    static func of(context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}
