// SPDX-License-Identifier: Apache-2.0

/// The fields of a source that a caller may write; the raw value is the path in an update mask.
enum SourceField: String, CaseIterable {
    case displayName = "display_name"
    case baseURL = "base_url"
    case apiBaseURL = "api_base_url"
    case authentication
    case disabledCapabilities = "disabled_capabilities"
    case issueURLTemplate = "issue_url_template"
    case createURLTemplate = "create_url_template"
    case keyPattern = "key_pattern"
    case defaultExternalProject = "default_external_project"
    case allowedExternalProjects = "allowed_external_projects"
    case statusMap = "status_map"
    case testObjectURLTemplate = "test_object_url_template"
    case backLinkComments = "back_link_comments"
    case issueTitleTemplate = "issue_title_template"
    case issueDescriptionTemplate = "issue_description_template"
    case availability
}

/// The fields of a relation that a caller may write; the raw value is the path in an update mask.
enum RelationField: String, CaseIterable {
    case name
    case inverseName = "inverse_name"
    case semanticType = "semantic_type"
    case oslcURI = "oslc_uri"
    case color
    case sortOrder = "sort_order"
    case allowedObjectKinds = "allowed_object_kinds"
    case availability
}

/// The fields of a link that a caller may write; the raw value is the path in an update mask.
enum LinkField: String, CaseIterable {
    case relationID = "relation_id"
    case note
}
