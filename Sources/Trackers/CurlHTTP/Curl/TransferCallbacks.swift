// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The functions libcurl calls back, all on the transfer loop's thread. They translate and decide nothing.
enum TransferCallbacks {
    static let body: extref_curl_data_callback = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let chunk = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe Transfer.of(context: context).bodyArrived(chunk) ? size * count : 0
    }

    static let header: extref_curl_data_callback = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe Transfer.of(context: context).headerArrived(line) ? size * count : 0
    }

    static let socket: extref_curl_socket_callback = { context, _, address in
        let refused: curl_socket_t = -1
        guard let context = unsafe context, let address = unsafe address else { return refused }
        guard unsafe Transfer.of(context: context).mayDial(address) else { return refused }
        return unsafe extref_curl_open_socket(address)
    }

    static let prerequest: extref_curl_prerequest_callback = { context, remoteIP, _, _, _ in
        guard let context = unsafe context, let remoteIP = unsafe remoteIP else {
            return CURL_PREREQFUNC_ABORT
        }
        let text = unsafe String(cString: remoteIP)
        return unsafe Transfer.of(context: context).mayUse(connectionTo: text)
            ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
}

extension Transfer {
    /// Takes decoded bytes.
    /// - Returns: false to end the transfer, because there are too many.
    fileprivate func bodyArrived(_ chunk: UnsafeRawBufferPointer) -> Bool {
        guard body.count + chunk.count <= bodyBytesMax else {
            failure = HTTPError(
                .bodyTooLarge, at: .body, "The response is larger than \(bodyBytesMax) bytes.")
            return false
        }
        unsafe body.append(contentsOf: chunk)
        return true
    }

    /// Takes a status line or a header line.
    /// - Returns: false to end the transfer, because there are too many.
    fileprivate func headerArrived(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= HTTPLimits.headerBytesMax, headers.count < HTTPLimits.headerFieldsMax else {
            failure = HTTPError(
                .headersTooLarge, at: .response, "The response's headers are larger than allowed.")
            return false
        }
        let text = unsafe String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // A new block: the one before was informational.
            headers.removeAll()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(HTTPField(text[..<colon].lowercased(), String(value.prefix { !$0.isNewline })))
        }
        return true
    }

    /// Judges the address that libcurl is about to dial.
    fileprivate func mayDial(_ socketAddress: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        var octets = [UInt8](repeating: 0, count: 16)
        var port: UInt16 = 0
        let count = Int(unsafe extref_curl_address(socketAddress, &octets, &port))
        guard let address = IPAddress(bytes: octets.prefix(count)), port == target.port else {
            failure = HTTPError(
                EgressDenial(.addressReserved, "libcurl chose an address that was not judged."))
            return false
        }
        return judge(address)
    }

    /// Judges the peer of a connection, new or pooled, before the request goes out on it.
    fileprivate func mayUse(connectionTo text: String) -> Bool {
        guard let address = IPAddress(text) else {
            failure = HTTPError(EgressDenial(.addressReserved, "The connection's address is unknown."))
            return false
        }
        return judge(address)
    }

    private func judge(_ address: IPAddress) -> Bool {
        do throws(EgressDenial) {
            try policy.judge(address: address, of: target)
            return true
        } catch {
            failure = HTTPError(error, at: .connect)
            return false
        }
    }
}
