// SPDX-License-Identifier: Apache-2.0

/// What a method is called and how it talks.
public struct MethodDescriptor: Sendable, Hashable, CustomStringConvertible {
    /// How many messages flow.
    public enum Kind: Sendable, Hashable {
        /// One request, one response.
        case unary
        /// One request, many responses.
        case serverStreaming
    }

    /// The full name of the service, for instance `extref.v1.LinkService`.
    public let service: String
    /// The bare name of the method, for instance `CreateLink`.
    public let method: String
    /// How many messages flow.
    public let kind: Kind

    /// Creates a descriptor. Generated code does.
    public init(service: String, method: String, kind: Kind) {
        self.service = service
        self.method = method
        self.kind = kind
    }

    /// Service and method with a slash between, as logs, metrics and gRPC write it.
    public var description: String {
        "\(service)/\(method)"
    }
}
