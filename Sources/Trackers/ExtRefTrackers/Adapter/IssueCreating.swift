// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Creates issues.
public protocol IssueCreating: IssueFetching {
    /// Tells which fields a new issue takes.
    /// - Parameters:
    ///   - project: the external project; empty only where the tracker has none.
    ///   - type: the issue type's id, as the form names it; empty = the first.
    func form(
        project: String, type: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueForm>

    /// Creates an issue that carries ``NewIssue/marker``.
    func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot>

    /// Finds the issue that an earlier try created before its answer was lost, by its marker, in a way that
    /// sees an issue the moment it exists: a list of what is new, not a search index that lags behind.
    func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?>
}

/// An issue to create.
public struct NewIssue: Sendable, Hashable {
    /// The external project, in the form an allow-list names it; empty only where the tracker has none.
    public var project: String
    /// The issue type's id, as the form names it; empty = the tracker's default.
    public var type: String
    /// Values by ``IssueFormField/name``. Every tracker knows `title` and `description`.
    public var fields: [String: String]
    public var marker: CreationMarker
    /// When the first try began, by our clock.
    public var startedAt: Timestamp

    /// Makes a draft.
    public init(
        project: String, type: String = "", fields: [String: String], marker: CreationMarker,
        startedAt: Timestamp
    ) {
        self.project = project
        self.type = type
        self.fields = fields
        self.marker = marker
        self.startedAt = startedAt
    }

    /// The title.
    public var title: String { fields["title"] ?? "" }
    /// The description with the marker as its last line.
    public var markedDescription: String {
        let description = fields["description"] ?? ""
        return description.isEmpty ? marker.text : description + "\n\n" + marker.text
    }
}

/// What makes a created issue findable when the tracker's answer was lost.
public struct CreationMarker: Sendable, Hashable {
    /// A word that occurs nowhere else: `extref-` and 26 lower-case letters and digits. It ends the new
    /// issue's description.
    public let text: String
    /// The same as a UUID of version 4, for trackers that let the caller choose the id.
    public let uuid: String

    /// Makes a marker.
    public init(text: String, uuid: String) {
        self.text = text
        self.uuid = uuid
    }
}
