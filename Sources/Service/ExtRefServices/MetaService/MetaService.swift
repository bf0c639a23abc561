// SPDX-License-Identifier: Apache-2.0

public import ExtRefMessages
public import RPC

/// The contract about itself.
public struct MetaService: MetaServiceHandler {
    private let serverVersion: String

    /// Makes the service.
    public init(serverVersion: String) {
        self.serverVersion = serverVersion
    }

    public func getDescriptors(
        _ request: GetDescriptorsRequest, context: CallContext
    ) async throws -> GetDescriptorsResponse {
        GetDescriptorsResponse(fileDescriptorSet: DescriptorSet.bytes, serverVersion: serverVersion)
    }
}
