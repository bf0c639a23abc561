// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension BugzillaTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let headers = try headers(for: source)
        let read = TrackerProbe(
            .read, TrackerRequest(path: ["product_selectable"], headers: headers), read: readProbe)
        guard source.source.authenticationMethod == .apiKey else { return [read] }
        var whoAmI = TrackerRequest(path: ["whoami"], headers: headers)
        // Version 5.0 does not know the question, and says so in either way.
        whoAmI.acceptedStatuses = [400, 404]
        return [
            TrackerProbe(.identity, whoAmI, read: identityProbe), read,
            TrackerProbe(
                .permission(.create), TrackerRequest(path: ["product_enterable"], headers: headers),
                read: createProbe),
        ]
    }

    private func identityProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        guard (200..<300).contains(response.status) else {
            if let failure = failure(response), failure.code == .credentialsRejected { throw failure }
            return ProbeFinding(
                advice: "This Bugzilla does not tell who we are. If it does not take API keys in headers, it "
                    + "shows public bugs only.", isWarning: true)
        }
        let user = try TrackerJSON.decode(BugzillaWire.WhoAmI.self, from: response)
        let login = TrackerText.short(user.name.value ?? "")
        guard !login.isEmpty else {
            throw TrackerError(.badResponse, "The tracker's answer names nobody.")
        }
        let name = TrackerText.short(user.realName.value ?? "")
        let identity = name.isEmpty ? login : "\(name) (\(login))"
        return ProbeFinding(identity: identity, advice: "Bugzilla takes us for \(identity).")
    }

    private func readProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let count = try TrackerJSON.decode(BugzillaWire.ProductNumbers.self, from: response).ids.count
        return count == 0
            ? ProbeFinding(advice: "Bugs can be searched, but this account sees no product.", isWarning: true)
            : ProbeFinding(advice: "Bugs of \(count) products can be read.")
    }

    private func createProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let count = try TrackerJSON.decode(BugzillaWire.ProductNumbers.self, from: response).ids.count
        guard count == 0 else { return ProbeFinding(advice: "Bugs can be entered in \(count) products.") }
        var finding = ProbeFinding(advice: "The account may not enter bugs in any product.")
        finding.denied = [.create]
        return finding
    }
}
