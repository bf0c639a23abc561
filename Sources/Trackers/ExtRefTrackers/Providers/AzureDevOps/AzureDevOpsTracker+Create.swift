// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension AzureDevOpsTracker: IssueCreating {
    /// How much earlier than our first try a created item may be dated: the clocks differ.
    private static let clockTolerance = Duration.seconds(300)
    /// Most new items looked through for a marker, oldest first, and how many at a time: their texts are
    /// long.
    private static let candidatesMax = 400
    private static let candidatesPerCall = 50

    /// Writes the item in one request. What its states mean is asked before, so that no further question
    /// can fail once the item exists.
    public func create(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        let faults = issue.fields.keys.sorted().filter { !Self.isWritable($0) }
        guard faults.isEmpty else {
            var error = TrackerError(
                .invalidRequest, "The new work item has fields that Azure DevOps cannot have.")
            error.fieldFaults = faults.prefix(TrackerLimits.fieldErrorsMax).map {
                FieldViolation($0, "is no field of this form; GetIssueForm names them")
            }
            throw error
        }
        return try fields(for: issue, in: source).then { (fields) throws(TrackerError) in
            let type = AzureDevOpsType(project: issue.project, name: fields.type)
            return try states(of: [type], in: source).then { (states) throws(TrackerError) in
                try send(issue, fields, states, to: source)
            }
        }
    }

    private func send(
        _ issue: NewIssue, _ fields: AzureDevOpsTypeFields, _ states: AzureDevOpsStates,
        to source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        var request = try patch(
            .post, ["wit", "workitems", "$" + fields.type], project: issue.project,
            steps: Self.steps(issue, textField: fields.textField), in: source)
        request.acceptedStatuses = [401]
        let identity = try identityRequest(in: source)
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 401 else {
                // What was asked before may have been answered from memory: only a call that is answered now
                // tells a token without the scope from one that was withdrawn.
                let refusal = writeRefusal(response, of: source)
                return .send(identity) { (_) throws(TrackerError) -> TrackerCall<IssueSnapshot> in
                    throw refusal
                }
            }
            let item = try TrackerJSON.decode(AzureDevOpsWire.Item.self, from: response)
            return .done(try Self.single([snapshot(item, states, of: source)].compactMap(\.self)))
        }
    }

    private static func isWritable(_ name: String) -> Bool {
        name == "title" || name == "description" || AzureDevOpsFields.isReferenceName(name)
    }

    private static func steps(_ issue: NewIssue, textField: String) -> [AzureDevOpsPatchStep] {
        func add(_ field: String, _ value: String) -> AzureDevOpsPatchStep {
            AzureDevOpsPatchStep("add", "/fields/" + field, .text(value))
        }
        let others = issue.fields.sorted { $0.key < $1.key }
            .filter { $0.key != "title" && $0.key != "description" && !$0.value.isEmpty }
        return [
            add(AzureDevOpsFields.title, issue.title),
            add(textField, AzureDevOpsHTML.text(issue.markedDescription)),
        ] + others.map { add($0.key, $0.value) }
    }

    /// A token that just read and may not write was given out for reading only: Azure DevOps says 401 to that
    /// as to a bad token. Of an access token it may be the end, so that one is not judged here.
    func writeRefusal(_ response: TrackerResponse, of source: TrackerSource) -> TrackerError {
        let refusal = refusal(response)
        guard source.source.authenticationMethod == .accessToken, refusal.code == .credentialsRejected else {
            return refusal
        }
        return TrackerError(
            .scopeMissing,
            "The personal access token may read but not write: give it Work Items (Read & write).")
    }

    /// The fields of the issue's type; of the first type when it names none.
    private func fields(
        for issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<AzureDevOpsTypeFields> {
        guard issue.type.isEmpty else {
            return try fields(of: issue.type, project: issue.project, in: source)
        }
        return try types(of: issue.project, in: source).then { (types) throws(TrackerError) in
            guard let first = types.first else {
                throw TrackerError(.invalidRequest, "The project has no type of work items to create.")
            }
            return try fields(of: first, project: issue.project, in: source)
        }
    }
}

// MARK: - Finding what was created

extension AzureDevOpsTracker {
    /// Looks through the project's newest items. The query reads the items' own table, so that it sees one
    /// the moment it exists; only words are looked up in an index that lags behind.
    public func findCreated(
        _ issue: NewIssue, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot?> {
        try fields(for: issue, in: source).then { (fields) throws(TrackerError) in
            let start = AzureDevOpsWIQL.quoted(issue.startedAt - Self.clockTolerance)
            let query = AzureDevOpsWIQL(
                where: AzureDevOpsWIQL.projects([issue.project]) + ["[System.CreatedDate] >= \(start)"],
                orderBy: "[System.CreatedDate] ASC")
            return try self.query(query, limit: Self.candidatesMax, withTime: true, in: source)
                .then { (ids) throws(TrackerError) in
                    try marked(ids[...], marker: issue.marker.text, textField: fields.textField, in: source)
                }
                .then { (id) throws(TrackerError) in
                    try items([id].compactMap(\.self), of: AzureDevOpsWire.Item.self, in: source)
                }
                .then { (items) throws(TrackerError) in try snapshots(of: items, in: source).map(\.first) }
        }
    }

    private func marked(
        _ ids: ArraySlice<Int>, marker: String, textField: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<Int?> {
        guard !ids.isEmpty else { return .done(nil) }
        return try items(
            Array(ids.prefix(Self.candidatesPerCall)), fields: [AzureDevOpsFields.id, textField],
            of: AzureDevOpsWire.ItemTexts.self, in: source
        ).then { (items) throws(TrackerError) in
            let found = items.first { $0.holds(marker) }.flatMap { Int(exactly: $0.id) }
            if let found, ids.contains(found) { return .done(found) }
            return try marked(
                ids.dropFirst(Self.candidatesPerCall), marker: marker, textField: textField, in: source)
        }
    }
}

extension AzureDevOpsWire {
    /// The long texts of an item.
    struct ItemTexts: Decodable, Sendable {
        let id: Int64
        private let fields: [String: Lenient<String>]

        /// Whether one of them holds a marker.
        func holds(_ marker: String) -> Bool {
            [AzureDevOpsFields.description, AzureDevOpsFields.reproSteps].contains {
                fields[$0]?.value?.contains(marker) == true
            }
        }
    }
}

/// Long texts of work items are HTML.
enum AzureDevOpsHTML {
    /// A plain text that is shown as it is, with its line breaks.
    static func text(_ plain: String) -> String {
        var html = ""
        for scalar in plain.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case "\n", "\r": html += "<br>"
            case "\t": html += " "
            default:
                if scalar.properties.generalCategory != .control { html.unicodeScalars.append(scalar) }
            }
        }
        return "<div>\(html)</div>"
    }
}
