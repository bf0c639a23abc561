// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// What a connection test makes of Jira's answers.
enum JiraProbe {
    /// Sites and scopes of an OAuth grant (Atlassian, "OAuth 2.0 (3LO) apps", 3.1).
    static let sitesAddress = "https://api.atlassian.com/oauth/token/accessible-resources"
    /// Answers that the question which Jira it is may get: its own, none, or that of something in front of
    /// it.
    static let serverStatuses: Set<Int> = [200, 301, 302, 303, 307, 308, 401, 403, 404]
    private static let writeScopes: Set<String> = ["write:jira-work", "write:issue:jira"]

    /// Which site answers, as it says itself.
    struct Site: Sendable {
        /// A sentence; empty when all is well.
        let warning: String

        /// Makes a site.
        init(warning: String) { self.warning = warning }

        /// Compares the address a site calls itself by with the source's: through the gateway a wrong cloud
        /// id leads to another site, and links made here would lead elsewhere than the issues read.
        init(_ info: JiraWire.ServerInfo, baseURL: String) {
            let named = [info.baseUrl, info.displayUrl].compactMap { $0.value.flatMap { try? PastedURL($0) } }
            let isKnown = named.contains { $0.host == (try? PastedURL(baseURL))?.host }
            guard let first = named.first, !isKnown else {
                warning = ""
                return
            }
            warning =
                "The site that answers is \(first.origin), not the base URL: check the cloud id or the API address."
        }

        /// Adds the sentence to a finding.
        func noting(_ finding: ProbeFinding) -> ProbeFinding {
            guard !warning.isEmpty else { return finding }
            var finding = finding
            finding.isWarning = true
            finding.advice += " " + warning
            return finding
        }
    }

    /// Reads whom Jira takes us for.
    static func identity(_ user: JiraWire.User) throws(TrackerError) -> ProbeFinding {
        guard let person = user.person else {
            throw TrackerError(.badResponse, "Jira's answer names no account.")
        }
        let detail = TrackerText.short(user.emailAddress.value ?? user.name.value ?? "")
        let identity =
            detail.isEmpty || detail == person.displayName
            ? person.displayName : "\(person.displayName) (\(detail))"
        guard user.active.value == false else {
            return ProbeFinding(identity: identity, advice: "Jira takes us for \(identity).")
        }
        return ProbeFinding(
            identity: identity, advice: "Jira takes us for \(identity), whose account is not active.",
            isWarning: true)
    }

    /// Judges the right without which nothing works.
    static func read(_ hasIt: Bool) throws(TrackerError) -> ProbeFinding {
        guard hasIt else {
            throw TrackerError(
                .permissionDenied, "The account may browse no project; it lacks Browse Projects.")
        }
        return ProbeFinding(advice: "Projects can be browsed.")
    }

    /// Judges a right without which less works.
    static func finding(
        _ capability: Capability, _ deed: String, _ right: String, _ hasIt: Bool
    ) -> ProbeFinding {
        guard !hasIt else { return ProbeFinding(advice: "The account may \(deed).") }
        var finding = ProbeFinding(
            advice: "The account may not \(deed). Give it the project permission \(right).", isWarning: true)
        finding.denied = [capability]
        return finding
    }

    /// Without the scope to write, rights in the project do not help.
    static func adding(_ scopes: [Lenient<String>], to finding: ProbeFinding) -> ProbeFinding {
        var finding = finding
        finding.scopes = scopes.compactMap { $0.value.map(TrackerText.short) }.filter { !$0.isEmpty }
        guard !finding.scopes.isEmpty, writeScopes.isDisjoint(with: finding.scopes) else { return finding }
        finding.denied.formUnion([.create, .backLink])
        finding.isWarning = true
        finding.advice +=
            " The grant lacks the scope write:jira-work, so nothing can be created or linked back."
        return finding
    }

    /// The default project was asked about and is not there.
    static let noProject = TrackerError(
        .permissionDenied, "The account does not see the source's default project, or it does not exist.")

    /// Nothing of Jira's interface is where it should be.
    static func absent(_ deployment: JiraDeployment) -> TrackerError {
        switch deployment {
        case .cloud:
            TrackerError(
                .badResponse,
                "Version 3 of Jira's interface is not there. If you run this Jira yourselves, choose the provider "
                    + "Jira Data Center; for a token with scopes or OAuth check the cloud id.")
        case .dataCenter:
            TrackerError(
                .badResponse,
                "Jira's interface is not there. The base URL has to hold Jira's context path, such as /jira, if it "
                    + "has one.")
        }
    }

    /// Cloud says `Cloud`; the others `DataCenter` or `Server`, and nothing before version 7.
    static func otherDeployment(
        _ info: JiraWire.ServerInfo, than deployment: JiraDeployment
    ) -> TrackerError? {
        guard let word = info.deploymentType.value else { return nil }
        switch (deployment, word) {
        case (.cloud, "DataCenter"), (.cloud, "Server"):
            return TrackerError(
                .badResponse, "This is a Jira that you run yourselves: choose the provider Jira Data Center.")
        case (.dataCenter, "Cloud"):
            return TrackerError(.badResponse, "This is a site of Jira Cloud: choose the provider Jira Cloud.")
        default: return nil
        }
    }
}
