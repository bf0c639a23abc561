// SPDX-License-Identifier: Apache-2.0

public import RPCMessages

extension RPCError {
    /// The failure as one JSON object for programs: `code`, `message`, `reason`, and where they apply
    /// `fieldViolations`, `metadata` and `retryDelay`.
    public var json: JSONNode {
        var members = [
            JSONNode.Member("code", .string(code.description)), JSONNode.Member("message", .string(message)),
        ]
        let info = detail(GoogleRPCErrorInfo.self)
        if let info { members.append(JSONNode.Member("reason", .string(info.reason))) }
        if let violations = detail(GoogleRPCBadRequest.self)?.fieldViolations, !violations.isEmpty {
            members.append(JSONNode.Member("fieldViolations", .array(violations.map(ProtoJSON.node))))
        }
        if let metadata = info?.metadata, !metadata.isEmpty {
            let entries = metadata.sorted { $0.key < $1.key }
                .map { JSONNode.Member($0.key, .string($0.value)) }
            members.append(JSONNode.Member("metadata", .object(entries)))
        }
        if let retryDelay {
            members.append(
                JSONNode.Member("retryDelay", .string(ProtoJSON.text(GoogleDuration(retryDelay)))))
        }
        return .object(members)
    }
}
