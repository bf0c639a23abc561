// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension LinearTracker: ConnectionProbing {
    /// Linear tells who we are and whether we can read, but not what a key or token may write.
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        [
            TrackerProbe(.identity, try ask(LinearQuery.identity, of: source)) {
                (response) throws(TrackerError) in
                try identity(read(LinearWire.IdentityAnswer.self, from: response), of: source)
            },
            TrackerProbe(.read, try ask(LinearQuery.read, of: source)) { (response) throws(TrackerError) in
                try readFinding(response)
            },
        ]
    }

    private func identity(
        _ answer: LinearWire.IdentityAnswer, of source: TrackerSource
    ) throws(TrackerError) -> ProbeFinding {
        let workspace = answer.organization.urlKey
        guard Self.isWorkspace(workspace) else {
            throw TrackerError(.badResponse, "Linear does not say which workspace the credentials belong to.")
        }
        let wanted = Self.workspace(of: source.source) ?? ""
        guard workspace.lowercased() == wanted.lowercased() else {
            throw TrackerError(
                .badResponse,
                "The credentials belong to the workspace \(workspace), but the base URL names \(wanted). Use "
                    + "credentials of that workspace, or correct the base URL.")
        }
        let name = Self.text(answer.viewer.name.value) ?? "an account without a name"
        let nick = Self.text(answer.viewer.displayName.value) ?? name
        let identity = nick == name ? name : TrackerText.short("\(name) (\(nick))")
        let advice = "Linear takes us for \(identity) in the workspace \(workspace)."
        guard answer.isLow else { return ProbeFinding(identity: identity, advice: advice) }
        return ProbeFinding(
            identity: identity,
            advice: advice + " Less than a tenth of what this account may ask in an hour is left; give this "
                + "service one of its own.",
            isWarning: true)
    }

    private func readFinding(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let issues = try read(LinearWire.SeenAnswer.self, from: response).issues.nodes
        return issues.isEmpty
            ? ProbeFinding(
                advice:
                    "Issues can be read, but this account sees none. Add it to the teams it is to follow.",
                isWarning: true)
            : ProbeFinding(advice: "Issues can be read.")
    }
}

extension LinearWire {
    struct IdentityAnswer: Decodable {
        struct Organization: Decodable {
            let urlKey: String
        }

        struct RateLimits: Decodable {
            let limits: Lenient<[Lenient<RateLimit>]>
        }

        struct RateLimit: Decodable {
            let allowedAmount: Double
            let remainingAmount: Double
        }

        let viewer: User
        let organization: Organization
        let rateLimitStatus: Lenient<RateLimits>

        /// Whether less than a tenth of any allowance is left.
        var isLow: Bool {
            let limits = rateLimitStatus.value?.limits.value ?? []
            return limits.compactMap(\.value).contains {
                $0.allowedAmount > 0 && $0.remainingAmount * 10 < $0.allowedAmount
            }
        }
    }

    struct SeenAnswer: Decodable {
        let issues: Page<Attached>
    }
}
