// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// Collects whether libcurl took every option: one that it does not know must stop the request, not weaken
/// it.
@safe
private struct OptionSetter {
    let handle: UnsafeMutableRawPointer
    private(set) var isComplete = true

    init(_ handle: UnsafeMutableRawPointer) { unsafe self.handle = handle }

    mutating func note(_ code: CURLcode) { isComplete = isComplete && code == CURLE_OK }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(unsafe extref_curl_set_long(handle, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: String) {
        note(unsafe value.withCString { unsafe extref_curl_set_pointer(handle, option, $0) })
    }

    mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
        note(unsafe extref_curl_set_pointer(handle, option, pointer))
    }
}

extension Transfer {
    /// Sets every option; false when libcurl refuses one.
    func configure(_ handle: UnsafeMutableRawPointer) -> Bool {
        var options = unsafe OptionSetter(handle)
        setDestination(&options)
        setMessage(&options)
        setProtocols(&options)
        setBounds(&options)
        setCallbacks(&options)
        return options.isComplete
    }

    /// The URL as the policy spelled it, and the addresses it judged.
    private func setDestination(_ options: inout OptionSetter) {
        guard let url = unsafe curl_url() else { return options.note(CURLE_OUT_OF_MEMORY) }
        unsafe self.url = url
        let flags = UInt32(CURLU_DISALLOW_USER) | UInt32(CURLU_PATH_AS_IS)
        let code = unsafe curl_url_set(url, CURLUPART_URL, target.url, flags)
        // Two parsers must read the same host, or one of them was lied to.
        guard code == CURLUE_OK, unsafe host(of: url) == target.host.description else {
            return options.note(CURLE_URL_MALFORMAT)
        }
        unsafe options.set(CURLOPT_CURLU, pointer: UnsafeRawPointer(url))
        if case .name(let name) = target.host {
            let pins = addresses.map { if case .v6 = $0 { "[\($0)]" } else { "\($0)" } }
            setList(["+\(name):\(target.port):\(pins.joined(separator: ","))"], CURLOPT_RESOLVE, &options)
        }
    }

    private func host(of url: OpaquePointer) -> String? {
        var part: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, CURLUPART_HOST, &part, 0) == CURLUE_OK, let part = unsafe part else {
            return nil
        }
        defer { unsafe curl_free(part) }
        return unsafe String(cString: part)
    }

    private func setMessage(_ options: inout OptionSetter) {
        switch request.method {
        case .get: options.set(CURLOPT_HTTPGET, 1)
        case .head: options.set(CURLOPT_NOBODY, 1)
        case .post, .put, .patch, .delete: options.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        if let body = request.body, request.method != .get, request.method != .head {
            options.note(
                unsafe extref_curl_set_offset(
                    options.handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            // libcurl copies as many bytes as it was told; of the closing NUL it never takes any.
            unsafe (body + [0]).withUnsafeBytes {
                unsafe options.set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress)
            }
        }
        // An empty Expect stops libcurl from waiting for "100 Continue", which many servers never send.
        setList(request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"], CURLOPT_HTTPHEADER, &options)
        options.set(CURLOPT_USERAGENT, configuration.userAgent)
        // Named, so that the next libcurl cannot bring a decoder that nobody has looked at.
        options.set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
    }

    /// Only HTTP, only forwards: no redirect, proxy, cookie, password file or remembered detour.
    private func setProtocols(_ options: inout OptionSetter) {
        options.set(CURLOPT_PROTOCOLS_STR, target.scheme.rawValue)
        options.set(CURLOPT_REDIR_PROTOCOLS_STR, target.scheme.rawValue)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_PROXY, "")
        options.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        options.set(CURLOPT_HTTP09_ALLOWED, 0)
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let caFile = request.caFile ?? configuration.caFile {
            options.set(CURLOPT_CAINFO, caFile)
            // Else the system's folder of authorities would be trusted beside the file.
            unsafe options.set(CURLOPT_CAPATH, pointer: nil)
        }
    }

    private func setBounds(_ options: inout OptionSetter) {
        let left = max(.milliseconds(1), deadline - .now)
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_TIMEOUT_MS, Int(left.milliseconds))
        options.set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(left, configuration.connectTimeout).milliseconds))
        options.set(CURLOPT_LOW_SPEED_LIMIT, HTTPLimits.slowBytesPerSecond)
        options.set(CURLOPT_LOW_SPEED_TIME, Int(HTTPLimits.slowTimeMax.components.seconds))
        options.set(CURLOPT_MAXAGE_CONN, Int(HTTPLimits.idleTimeMax.components.seconds))
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        // On a pooled connection that turns out to be dead libcurl sends again by itself, which for a POST
        // may mean twice.
        if request.needsFreshConnection || !request.method.isIdempotent {
            options.set(CURLOPT_FRESH_CONNECT, 1)
        }
        if request.needsFreshConnection { options.set(CURLOPT_FORBID_REUSE, 1) }
    }

    private func setCallbacks(_ options: inout OptionSetter) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe options.set(CURLOPT_PRIVATE, pointer: context)
        unsafe options.set(CURLOPT_WRITEDATA, pointer: context)
        unsafe options.set(CURLOPT_HEADERDATA, pointer: context)
        unsafe options.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        unsafe options.set(CURLOPT_PREREQDATA, pointer: context)
        options.note(
            unsafe extref_curl_set_data_callback(
                options.handle, CURLOPT_WRITEFUNCTION, TransferCallbacks.body))
        options.note(
            unsafe extref_curl_set_data_callback(
                options.handle, CURLOPT_HEADERFUNCTION, TransferCallbacks.header))
        options.note(unsafe extref_curl_set_socket_callback(options.handle, TransferCallbacks.socket))
        options.note(unsafe extref_curl_set_prerequest_callback(options.handle, TransferCallbacks.prerequest))
    }

    private func setList(_ lines: [String], _ option: CURLoption, _ options: inout OptionSetter) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else {
                options.note(CURLE_OUT_OF_MEMORY)
                break
            }
            unsafe list = longer
        }
        guard let list = unsafe list else { return }
        unsafe lists.append(list)
        unsafe options.set(option, pointer: UnsafeRawPointer(list))
    }
}
