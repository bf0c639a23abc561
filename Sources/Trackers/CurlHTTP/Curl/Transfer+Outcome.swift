// SPDX-License-Identifier: Apache-2.0

internal import CCurl

extension Transfer {
    /// Turns libcurl's verdict into ours.
    func finish(_ code: CURLcode) -> OneShot<HTTPResponse>.Outcome {
        let timings = timings()
        if var failure {
            failure.timings = timings
            return .failure(failure)
        }
        guard code == CURLE_OK else {
            let stage = stage(timings)
            let kind = Self.kind(of: code, at: stage)
            return .failure(
                HTTPError(kind, at: stage, CurlLibrary.sentence(for: code) + ".", timings: timings))
        }
        return .success(
            HTTPResponse(
                status: number(CURLINFO_RESPONSE_CODE), headers: headers, body: body, timings: timings))
    }

    private static func kind(of code: CURLcode, at stage: HTTPStage) -> HTTPError.Code {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_COULDNT_RESOLVE_HOST: .dns
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            .tls
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            stage == .tls ? .tls : stage == .connect ? .connect : .connectionLost
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
        default: .protocolFailure
        }
    }

    /// The first step that was not finished.
    private func stage(_ timings: HTTPTimings) -> HTTPStage {
        if timings.firstByte != nil { return .body }
        if timings.isConnectionReused { return .response }
        guard timings.connect != nil else { return .connect }
        return target.scheme == .https && timings.tls == nil ? .tls : .response
    }

    /// libcurl counts every step from the start; here each stands alone.
    private func timings() -> HTTPTimings {
        var timings = HTTPTimings()
        let connected = microseconds(CURLINFO_CONNECT_TIME_T)
        let encrypted = microseconds(CURLINFO_APPCONNECT_TIME_T)
        let sending = microseconds(CURLINFO_PRETRANSFER_TIME_T)
        let firstByte = microseconds(CURLINFO_STARTTRANSFER_TIME_T)
        timings.isConnectionReused =
            connected == 0 && sending > 0 || number(CURLINFO_NUM_CONNECTS) == 0 && sending > 0
        if !timings.isConnectionReused {
            if connected > 0 {
                timings.connect = .microseconds(max(1, connected - microseconds(CURLINFO_NAMELOOKUP_TIME_T)))
            } else if number(CURLINFO_PRIMARY_PORT) != 0 {
                // libcurl 7.88 tells no time when TLS fails on top, but it knows the peer of a made
                // connection.
                timings.connect = .zero
            }
            if encrypted > 0 { timings.tls = .microseconds(max(1, encrypted - connected)) }
        }
        if firstByte > 0, sending > 0 { timings.firstByte = .microseconds(max(0, firstByte - sending)) }
        return timings
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe extref_curl_get_long(handle, info, &value)
        return value
    }

    private func microseconds(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        _ = unsafe extref_curl_get_offset(handle, info, &value)
        return Int64(value)
    }
}
