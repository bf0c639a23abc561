// SPDX-License-Identifier: Apache-2.0

/// Reference names of fields, which are the same in every process and language.
enum AzureDevOpsFields {
    /// The number.
    static let id = "System.Id"
    /// The title, of every type.
    static let title = "System.Title"
    /// The long text of every type, as HTML.
    static let description = "System.Description"
    /// Bugs have it, and their form shows it instead of the description.
    static let reproSteps = "Microsoft.VSTS.TCM.ReproSteps"
    /// Who works on it.
    static let assignedTo = "System.AssignedTo"
    /// Labels, separated by semicolons.
    static let tags = "System.Tags"

    /// What an issue is made of. A field that no type of the collection has would fail the whole call; these
    /// are in every process that Azure DevOps comes with.
    static let ofIssue = [
        id, title, "System.State", "System.Reason", assignedTo, "System.WorkItemType", "System.TeamProject",
        tags,
        "System.CreatedDate", "System.ChangedDate", "Microsoft.VSTS.Common.Priority",
        "Microsoft.VSTS.Common.ClosedDate",
    ]

    /// The form's name for a field.
    static func formName(of referenceName: String) -> String {
        switch referenceName {
        case title: "title"
        case description, reproSteps: "description"
        default: referenceName
        }
    }

    /// Whether a text is a reference name, such as `Custom.Team`: it becomes a part of a path in a patch.
    static func isReferenceName(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && text.utf8.count <= 255
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            }
    }
}
