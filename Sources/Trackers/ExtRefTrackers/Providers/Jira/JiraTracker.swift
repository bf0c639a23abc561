// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain

/// What Jira Cloud and Jira Data Center have in common, which is nearly all.
///
/// The id of an issue survives a move to another project, and every key it had keeps leading to it: the key
/// in an answer is the current one. Jira hides what one may not see as missing (404). Sources: Atlassian,
/// "The Jira Cloud platform REST API" (version 3) and "Jira Data Center REST API" (version 2).
public protocol JiraTracker: BatchFetching, IssueSearching, ChangesReading, IssueCreating, BackLinking,
    ConnectionProbing, WebhookReading
{
    /// Which of the two it is.
    var deployment: JiraDeployment { get }

    /// Headers that every call carries; secrets stand nowhere else.
    func headers(for source: TrackerSource) throws(TrackerError) -> [HTTPField]
}

/// The kinds of Jira.
public enum JiraDeployment: Sendable, Hashable {
    case cloud, dataCenter
}

extension JiraTracker {
    public func canonicalKey(_ typed: String) -> String? { JiraKey(typed)?.text }

    /// Takes a bare number for one of the assumed project, as Jira's own search box does.
    public func completedKey(_ typed: String, project: String) -> String {
        guard JiraKey.number(typed) != nil, let project = JiraKey.project(project) else { return typed }
        return "\(project)-\(typed)"
    }

    public func confidence(inFreeText word: String) -> Double {
        // Lower-case words with a hyphen and a number are everywhere ("step-2"), so only Jira's own spelling
        // counts.
        guard let key = JiraKey(word), key.text == word, !JiraWords.notProjects.contains(key.project) else {
            return 0
        }
        return 0.8
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] { projectViolations(of: source) }

    /// What is wrong with the projects of a source.
    func projectViolations(of source: IntegrationSource) -> [FieldViolation] {
        let isWrong = { (project: String) in JiraKey.project(project) == nil }
        var violations = source.allowedExternalProjects.enumerated().compactMap { index, project in
            isWrong(project)
                ? FieldViolation(
                    "allowed_external_projects[\(index)]", "must be the key of a Jira project, such as PROJ")
                : nil
        }
        if !source.defaultExternalProject.isEmpty, isWrong(source.defaultExternalProject) {
            violations.append(
                FieldViolation(
                    "default_external_project", "must be the key of a Jira project, such as PROJ"))
        }
        return violations
    }
}

/// Words of free texts.
enum JiraWords {
    /// What stands before a hyphen and a number in texts about software without being a project.
    static let notProjects: Set<String> = [
        "AES", "CP", "CRC", "CVE", "ECMA", "GMT", "HMAC", "HTTP", "IEC", "IEEE", "IPV", "ISO", "LATIN", "MD",
        "PKCS", "RFC", "RSA", "SHA", "SSL", "TLS", "UCS", "UTC", "UTF", "WINDOWS",
    ]
}
