// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// The body of a call that creates an issue; what is nil is not sent.
struct GitLabDraft: Encodable {
    let title: String
    let description: String
    let labels: String?
    let assigneeIDs: [Int64]?
    let milestoneID: Int64?
    let dueDate: String?
    let confidential: Bool?
    let issueType: String?

    enum CodingKeys: String, CodingKey {
        case title, description, labels, confidential
        case assigneeIDs = "assignee_ids"
        case milestoneID = "milestone_id"
        case dueDate = "due_date"
        case issueType = "issue_type"
    }

    /// Brings the values of a form into GitLab's types.
    /// - Throws: every value that has not the form it needs.
    init(_ issue: NewIssue) throws(TrackerError) {
        var faults = [FieldViolation]()
        func value(_ name: String) -> String? {
            let text = (issue.fields[name] ?? "").trimmingBlanks()
            return text.isEmpty ? nil : text
        }
        func id(_ text: some StringProtocol, of name: String) -> Int64? {
            if let digits = NumberKey.plain(String(text).trimmingBlanks()) { return Int64(digits) }
            faults.append(FieldViolation(name, "must be a number that GitLab gave as an id"))
            return nil
        }
        title = issue.title.trimmingBlanks()
        if title.isEmpty { faults.append(FieldViolation("title", "is required")) }
        description = GitLabMarkdown.withoutQuickActions(issue.markedDescription)
        labels = value("labels")
        assigneeIDs = value("assignee_ids")?.split(separator: ",").compactMap { id($0, of: "assignee_ids") }
        milestoneID = value("milestone_id").flatMap { id($0, of: "milestone_id") }
        dueDate = value("due_date")
        confidential = value("confidential").map { $0 == "true" }
        issueType = issue.type.isEmpty ? nil : issue.type
        guard faults.isEmpty else {
            var error = TrackerError(.invalidRequest, "Some fields of the new issue are wrong.")
            error.fieldFaults = faults
            throw error
        }
    }
}

/// What GitLab makes of text beside showing it.
enum GitLabMarkdown {
    /// Keeps lines from being commands.
    ///
    /// In descriptions and comments a line such as `/close` or `/move other/project` is carried out with the
    /// rights of the account that writes it, which here is not the person who typed it. Behind a backslash
    /// the line reads the same and does nothing. Source: docs.gitlab.com, "GitLab quick actions".
    static func withoutQuickActions(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false).map(withoutQuickAction)
            .joined(separator: "\n")
    }

    private static func withoutQuickAction(_ line: Substring) -> String {
        let text = line.drop(while: \.isWhitespace)
        guard text.first == "/", let letter = text.dropFirst().first, letter.isASCII, letter.isLetter else {
            return String(line)
        }
        let word = text.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let behind = text[word.endIndex...].first
        // "/usr/lib/x" is a path, not a command.
        guard behind == nil || behind?.isWhitespace == true else { return String(line) }
        return line.prefix(upTo: text.startIndex) + "\\" + text
    }
}
