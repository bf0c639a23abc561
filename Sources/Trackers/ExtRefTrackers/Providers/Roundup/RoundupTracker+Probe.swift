// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension RoundupTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let headers = try headers(for: source)
        let read = TrackerProbe(
            .read,
            TrackerRequest(
                path: ["data", "issue"], query: [("@fields", "title"), ("@page_size", "1")], headers: headers),
            read: readProbe)
        switch source.source.authenticationMethod {
        case .basic: return [identityProbe(of: source, headers), read, try createProbe(of: source)]
        case .accessToken:
            // There is no "me": a token that reads is all that can be known.
            let identity = TrackerProbe(
                .identity, TrackerRequest(path: ["data"], headers: headers),
                read: { _ in ProbeFinding(advice: "Roundup accepts the token.") })
            return [identity, read, try createProbe(of: source)]
        default: return [read]
        }
    }

    /// Looks the login up; the roles are told to the account itself only.
    private func identityProbe(of source: TrackerSource, _ headers: [HTTPField]) -> TrackerProbe {
        let login = source.setting("username")
        let request = TrackerRequest(
            path: ["data", "user"],
            query: [("username", login), ("@fields", "username,realname,roles"), ("@page_size", "50")],
            headers: headers)
        return TrackerProbe(.identity, request) { (response) throws(TrackerError) in
            let users = try TrackerJSON.decode(
                RoundupWire.ListAnswer<RoundupWire.Named>.self, from: response)
            let user = users.entries.first { $0.username.value == login }
            let name = TrackerText.short(user?.realname.value ?? "")
            let shown = TrackerText.short(login)
            let identity = name.isEmpty ? shown : "\(name) (\(shown))"
            var finding = ProbeFinding(identity: identity, advice: "Roundup takes us for \(identity).")
            finding.scopes = (user?.roles.value ?? "").split(separator: ",").map {
                TrackerText.short(String($0))
            }
            return finding
        }
    }

    private func readProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let issues = try TrackerJSON.decode(RoundupWire.ListAnswer<RoundupWire.Issue>.self, from: response)
        return issues.data.collection.isEmpty
            ? ProbeFinding(advice: "Issues can be read, but this account sees none.", isWarning: true)
            : ProbeFinding(advice: "Issues can be read.")
    }

    /// Sends an issue that cannot be created, for two reasons: a property that no tracker has, and a status
    /// that none has. Roundup looks at the right first and at the values then, so that its complaint tells
    /// whether the account might.
    private func createProbe(of source: TrackerSource) throws(TrackerError) -> TrackerProbe {
        var request = TrackerRequest(
            .post, path: ["data", "issue"], headers: try writingHeaders(for: source),
            body: TrackerJSON.encode(["extref-probe": "", "status": "extref-probe-no-such-status"]))
        request.acceptedStatuses = [400, 403]
        return TrackerProbe(.permission(.create), request) { (response) throws(TrackerError) in
            guard response.status != 403 else {
                var finding = ProbeFinding(
                    advice: "The account's role may not create issues. Give it the permission to create and "
                        + "edit the classes issue and msg.")
                finding.denied = [.create, .comment]
                return finding
            }
            let answer = try TrackerJSON.decode(RoundupWire.ErrorAnswer.self, from: response)
            guard answer.error.message.value?.lowercased().hasPrefix("property ") == true else {
                throw failure(response) ?? TrackerError(.badResponse, "Roundup answers oddly.")
            }
            return ProbeFinding(advice: "The account may create issues.")
        }
    }
}
