// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// The body of a call that creates an issue; what is nil is not sent.
struct ForgejoDraft: Encodable {
    let title: String
    let body: String
    /// Ids, other than in GitHub's interface.
    let labels: [Int64]?
    let assignees: [String]?
    let milestone: Int64?
    let dueDate: String?

    enum CodingKeys: String, CodingKey {
        case title, body, labels, assignees, milestone
        case dueDate = "due_date"
    }

    /// Brings the values of a form into Forgejo's types.
    /// - Throws: every value that has not the form it needs.
    init(_ issue: NewIssue) throws(TrackerError) {
        var faults = [FieldViolation]()
        func value(_ name: String) -> String? {
            let text = (issue.fields[name] ?? "").trimmingBlanks()
            return text.isEmpty ? nil : text
        }
        func id(_ text: some StringProtocol, of name: String) -> Int64? {
            if let digits = NumberKey.plain(String(text).trimmingBlanks()) { return Int64(digits) }
            faults.append(FieldViolation(name, "must be a number that the tracker gave as an id"))
            return nil
        }
        title = issue.title.trimmingBlanks()
        if title.isEmpty { faults.append(FieldViolation("title", "is required")) }
        body = issue.markedDescription
        labels = value("labels")?.split(separator: ",").compactMap { id($0, of: "labels") }
        assignees = value("assignees")?.split(separator: ",").map { String($0).trimmingBlanks() }
        milestone = value("milestone").flatMap { id($0, of: "milestone") }
        dueDate = value("due_date").map { $0 + "T00:00:00Z" }
        if let dueDate, TrackerDate.parse(dueDate) == nil {
            faults.append(FieldViolation("due_date", "must be a date, as YYYY-MM-DD"))
        }
        guard faults.isEmpty else {
            var error = TrackerError(.invalidRequest, "Some fields of the new issue are wrong.")
            error.fieldFaults = faults
            throw error
        }
    }
}
