// SPDX-License-Identifier: Apache-2.0

internal import ProtobufC
internal import RPC
private import RPCMessages

/// The messages `ttrpc.Request` and `ttrpc.Response` that wrap what callers and handlers say.
///
/// All protobuf of the protocol is here, and it is protobuf-c that reads and writes it.
enum Envelope {
    /// What a request turned out to be.
    enum Opened {
        /// A call of a method that exists.
        case call(binding: MethodBinding, payload: [UInt8], timeoutNanoseconds: Int64, metadata: RPCMetadata)
        /// A request that is answered with an error.
        case refused(RPCError)
        /// Bytes that are no request.
        case malformed(RPCError)
    }

    /// The guard's bounds: no honest request has more fields than its metadata needs.
    private static let requestLimits: DecodeLimits = {
        var limits = DecodeLimits()
        limits.depthMax = 2
        limits.fieldsMax = 16 + 4 * RPCLimits.metadataEntriesMax
        return limits
    }()

    // MARK: Server side

    /// Opens a request without making strings of its names.
    static func open(request body: Span<UInt8>, table: MethodTable) -> Opened {
        do {
            return try TTRPCRequest.withView(body, limits: requestLimits) { view in
                open(view, table: table)
            }
        } catch {
            return error.code == .fieldBudget ? .refused(.metadataTooLarge) : .malformed(RPCError(error))
        }
    }

    private static func open(_ view: borrowing TTRPCRequest.View, table: MethodTable) -> Opened {
        let binding: MethodBinding
        switch table.find(service: view.service, method: view.method) {
        case .unary(let found): binding = found
        case .streaming: return .refused(.streamingUnsupported)
        case .none: return .refused(.methodUnknown)
        }
        guard let metadata = metadata(of: view) else { return .refused(.metadataTooLarge) }
        return .call(
            binding: binding, payload: [UInt8](copying: view.payload),
            timeoutNanoseconds: view.timeoutNano, metadata: metadata)
    }

    /// The metadata, or nil when there is too much of it; that is known before any of it is copied.
    private static func metadata(of view: borrowing TTRPCRequest.View) -> RPCMetadata? {
        var metadata = RPCMetadata()
        guard view.metadataCount > 0 else { return metadata }
        guard view.metadataCount <= RPCLimits.metadataEntriesMax else { return nil }
        var byteCount = 0
        for index in 0..<view.metadataCount {
            let entry = view.metadata(at: index)
            byteCount += entry.key.count + entry.value.count
        }
        guard byteCount <= RPCLimits.metadataBytesMax else { return nil }
        for index in 0..<view.metadataCount {
            let entry = view.metadata(at: index)
            metadata.append(String(copying: entry.key), String(copying: entry.value))
        }
        return metadata
    }

    /// Appends the frame that answers a call, or the one that says that the answer is too large.
    static func append(
        _ outcome: Result<any ProtobufMessage, RPCError>, streamID: UInt32, bodyBytesMax: Int,
        to output: inout [UInt8]
    ) {
        switch outcome {
        case .success(let message):
            let response = TTRPCResponse(payload: message.encode())
            guard append(response, .response, streamID, bodyBytesMax, to: &output) else {
                return append(
                    .failure(.responseTooLarge), streamID: streamID, bodyBytesMax: .max, to: &output)
            }
        case .failure(let error):
            let response = TTRPCResponse(status: error.status)
            guard append(response, .response, streamID, bodyBytesMax, to: &output) else {
                let bare = RPCError(error.code, error.message.cut)
                return append(.failure(bare), streamID: streamID, bodyBytesMax: .max, to: &output)
            }
        }
    }

    // MARK: Client side

    /// Appends the frame that starts a call.
    ///
    /// - Returns: false, and nothing is appended, when the request is larger than the protocol allows.
    static func append(
        _ request: OutgoingCall, streamID: UInt32, to output: inout [UInt8]
    ) -> Bool {
        let envelope = TTRPCRequest(
            service: request.descriptor.service, method: request.descriptor.method,
            payload: request.payload, timeoutNano: request.timeoutNanoseconds,
            metadata: request.metadata.entries.map { TTRPCKeyValue(key: $0.key, value: $0.value) })
        return append(envelope, .request, streamID, TTRPCLimits.frameBytesMax, to: &output)
    }

    /// Opens a response.
    static func open(response body: Span<UInt8>) -> Result<[UInt8], RPCError> {
        do {
            let response = try TTRPCResponse.decode(body)
            if let error = response.status.flatMap(RPCError.init(_:)) { return .failure(error) }
            return .success(response.payload)
        } catch {
            return .failure(RPCError(.internalError, "the response does not decode", cause: error))
        }
    }

    // MARK: Both sides

    private static func append(
        _ message: some ProtobufMessage, _ kind: FrameHeader.Kind, _ streamID: UInt32, _ bodyBytesMax: Int,
        to output: inout [UInt8]
    ) -> Bool {
        message.withEncoding { encoded in
            let byteCount = encoded.byteCount
            guard byteCount <= min(bodyBytesMax, TTRPCLimits.frameBytesMax) else { return false }
            FrameHeader(bodyBytes: byteCount, streamID: streamID, kind: kind).append(to: &output)
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: byteCount))
            // `pack` writes exactly `byteCount` bytes, which is what stands there from `start` on.
            unsafe output.withUnsafeMutableBytes { buffer in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                unsafe encoded.pack(into: room)
            }
            return true
        }
    }
}

extension RPCError {
    /// The handler's answer does not fit into a frame.
    fileprivate static let responseTooLarge = RPCError(
        .resourceExhausted, "the response is larger than a frame may be; ask for a smaller page"
    ).withReason(RPCReason.overloaded)
}

extension String {
    /// The beginning of a message that is too long for a frame.
    fileprivate var cut: String { String(prefix(1024)) }
}
