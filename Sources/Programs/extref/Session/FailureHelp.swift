// SPDX-License-Identifier: Apache-2.0

import RPC

/// What a person at this command line can do about a failure. `docs/errors.md` explains every reason at
/// length.
enum FailureHelp {
    /// One sentence, or nothing when the message says it all.
    static func sentence(reason: String?, code: RPCCode, address: String) -> String {
        if let reason, let sentence = sentences[reason] { return sentence }
        switch code {
        case .unavailable where reason == nil:
            return
                "Is extrefd running and listening on \(address)? 'extref health' asks it; --address names another."
        case .deadlineExceeded: return "Allow more time with --timeout, such as --timeout 2m."
        default: return ""
        }
    }

    private static let sentences = [
        "TOKEN_MISSING": "Name a token with --token-file, or the server's directory with --data-dir.",
        "TOKEN_INVALID":
            "Is the token of this server? 'extref token mint' makes one, DIR/admin.token holds one.",
        "TOKEN_EXPIRED":
            "Make a new one with 'extref token mint --data-dir DIR', or ask the host application for one.",
        "PERMISSION_DENIED": "Use a token with the role this needs; docs/operating.md lists the roles.",
        "NO_SOURCE_CONFIGURED":
            "An admin adds one with 'extref sources create' or enables one with 'extref sources enable'.",
        "NO_RELATION_CONFIGURED":
            "An admin adds one with 'extref relations create' or enables one with 'extref relations enable'.",
        "SOURCE_DISABLED": "'extref sources enable' lets new links use it again.",
        "RELATION_DISABLED": "'extref relations enable' lets new links have it again.",
        "SOURCE_IN_USE": "Say what becomes of the links: --keep-links or --delete-links.",
        "RELATION_IN_USE": "Name the relation the links move to with --replacement.",
        "ETAG_MISMATCH": "Somebody changed it meanwhile: read it again, look, and repeat.",
        "CREDENTIAL_REQUIRED":
            "Give the secrets again with --secret NAME=@FILE: they would go to another address.",
        "KEY_AMBIGUOUS": "Name the source with --source.",
        "URL_UNKNOWN_SOURCE":
            "Add its tracker with 'extref sources create', or keep the URL as it is with --bare-url.",
        "EGRESS_DENIED": "The operator can allow the address in extrefd's configuration: egress.allow.",
        "TRACKER_CREDENTIALS_REJECTED":
            "'extref sources test' shows more; 'extref sources update --secret' sets a new one.",
        "TRACKER_UNAVAILABLE": "'extref sources test' shows which step fails.",
        "NOT_IMPLEMENTED":
            "This version of the server does not know the method; 'extref --version' shows the client's.",
    ]
}
