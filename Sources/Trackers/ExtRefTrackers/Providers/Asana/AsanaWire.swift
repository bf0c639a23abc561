// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// Asana's JSON, as far as it is read. What a task can do without is lenient; what it cannot is not.
enum AsanaWire {
    /// Every answer has its content in `data`.
    struct Answer<Content: Decodable>: Decodable {
        let data: Content
    }

    /// A page of a list, of which one element that cannot be read must not hide the others.
    struct Page<Element: Decodable & Sendable>: Decodable {
        struct Next: Decodable {
            let offset: Lenient<String>
        }

        let data: [Lenient<Element>]
        let nextPage: Lenient<Next>

        enum CodingKeys: String, CodingKey {
            case data
            case nextPage = "next_page"
        }

        var elements: [Element] { data.compactMap(\.value) }
    }

    struct Reference: Decodable {
        let gid: String
        let name: Lenient<String>
    }

    struct Membership: Decodable {
        let project: Lenient<Reference>
        let section: Lenient<Reference>
    }

    struct Task: Decodable {
        let gid: String
        let name: String
        let completed: Bool
        let subtype: Lenient<String>
        let assignee: Lenient<Reference>
        let memberships: Lenient<[Lenient<Membership>]>
        let tags: Lenient<[Lenient<Reference>]>
        /// Only read to find the marker of a new task.
        let notes: Lenient<String>
        let createdAt: Lenient<String>
        let modifiedAt: Promised<String>
        let completedAt: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case gid, name, completed, assignee, memberships, tags, notes
            case subtype = "resource_subtype"
            case createdAt = "created_at"
            case modifiedAt = "modified_at"
            case completedAt = "completed_at"
        }
    }

    struct Refusal: Decodable {
        struct Fault: Decodable {
            let message: Lenient<String>
        }

        let errors: Lenient<[Lenient<Fault>]>

        var messages: [String] { errors.entries().compactMap(\.message.value) }
    }
}

extension AsanaWire.Page {
    /// Longest offset that is taken for one.
    private static var offsetBytesMax: Int { 2_048 }

    /// Names the page behind this one; empty when it is the last.
    func next() throws(TrackerError) -> String {
        guard let offset = nextPage.value?.offset.value else { return "" }
        guard (1...Self.offsetBytesMax).contains(offset.utf8.count) else {
            throw TrackerError(.badResponse, "Asana has more to tell but does not say where it goes on.")
        }
        return offset
    }
}

extension AsanaWire.Task {
    /// What is asked for of a task.
    static let fields =
        "name,completed,completed_at,created_at,modified_at,resource_subtype,assignee.name,"
        + "memberships.project.name,memberships.section.name,tags.name"

    private static let startedNames: Set<String> = [
        "in progress", "doing", "started", "wip", "work in progress", "in development", "in review", "review",
        "testing", "in test", "qa",
    ]
    private static let typeNames = [
        "default_task": "Task", "milestone": "Milestone", "approval": "Approval", "section": "Section",
    ]

    /// The wanted one of the projects it is in, else the first.
    func membership(wanted: [String]) -> AsanaWire.Membership? {
        let all = memberships.entries().filter { $0.project.value != nil }
        return all.first { wanted.contains($0.project.value?.gid ?? "") } ?? all.first
    }

    /// The state it has as one of a project: done is Asana's own word, and goes before any section. A section
    /// tells work that has begun by the names in common use; an admin's status map overrides all of it.
    func status(in membership: AsanaWire.Membership?) -> (name: String, category: StatusCategory) {
        if completed { return ("Completed", .done) }
        let section = TrackerText.short(membership?.section.value?.name.value ?? "")
        if section.isEmpty { return ("Incomplete", .todo) }
        return (section, Self.startedNames.contains(section.lowercased()) ? .inProgress : .todo)
    }

    /// The type in Asana's own words.
    var typeName: String? {
        guard let subtype = subtype.value.map(TrackerText.short), !subtype.isEmpty else { return nil }
        return Self.typeNames[subtype] ?? subtype
    }
}
