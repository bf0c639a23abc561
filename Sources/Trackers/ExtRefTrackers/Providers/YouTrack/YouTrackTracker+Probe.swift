// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension YouTrackTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let headers = try headers(for: source)
        let read = TrackerProbe(
            .read,
            TrackerRequest(path: ["issues"], query: [("fields", "id"), ("$top", "1")], headers: headers),
            read: readProbe)
        guard source.source.authenticationMethod == .accessToken else { return [read] }
        let identity = TrackerProbe(
            .identity,
            TrackerRequest(
                path: ["users", "me"], query: [("fields", "id,login,fullName,guest")], headers: headers),
            read: identityProbe)
        return [identity, read]
    }

    private func identityProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let user = try TrackerJSON.decode(YouTrackWire.User.self, from: response)
        guard user.guest.value != true else {
            throw TrackerError(.credentialsRejected, "YouTrack takes us for a guest: it ignores the token.")
        }
        let login = TrackerText.short(user.login.value ?? "")
        guard !login.isEmpty else {
            throw TrackerError(.badResponse, "The tracker's answer names nobody.")
        }
        let name = TrackerText.short(user.fullName.value ?? "")
        let identity = name.isEmpty || name == login ? login : "\(name) (\(login))"
        return ProbeFinding(identity: identity, advice: "YouTrack takes us for \(identity).")
    }

    private func readProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        struct Anything: Decodable {
            let id: Lenient<String>
        }
        return try TrackerJSON.decode([Anything].self, from: response).isEmpty
            ? ProbeFinding(advice: "Issues can be read, but this account sees none.", isWarning: true)
            : ProbeFinding(advice: "Issues can be read.")
    }
}
