// SPDX-License-Identifier: Apache-2.0

/// What Linear is asked, word for word. Every document fits the schema that the vendor publishes with its
/// SDK.
///
/// Linear allows 10,000 points for a question and counts 0.1 for a property and 1 for an object, times the
/// size of each list around it. An issue with its labels is 29 points, so the largest question, 250 issues,
/// stays near 7,300. Aliases are never used to ask for several issues at once: `issue` may not be null, so
/// that one missing issue would take all others with it.
enum LinearQuery {
    /// Labels read of one issue; an issue with more shows its first ones.
    static let labelsMax = 20

    private static let issueFields = """
        fragment IssueFields on Issue {
          id identifier previousIdentifiers title priority priorityLabel
          createdAt updatedAt completedAt canceledAt trashed
          state { name type }
          assignee { id name displayName }
          labels(first: 20) { nodes { name } }
        }
        """

    /// One issue by id or by any key it ever had.
    static let issue = """
        query Issue($id: String!) {
          issue(id: $id) { ...IssueFields }
        }
        \(issueFields)
        """

    /// Issues by ids, or by teams and numbers; archived ones included.
    static let issues = """
        query Issues($filter: IssueFilter!, $first: Int!, $after: String) {
          issues(filter: $filter, first: $first, after: $after, includeArchived: true) {
            nodes { ...IssueFields }
            pageInfo { hasNextPage endCursor }
          }
        }
        \(issueFields)
        """

    /// Issues in the order in which they changed, archived ones included.
    static let changedIssues = """
        query ChangedIssues($filter: IssueFilter!, $first: Int!, $after: String) {
          issues(
            filter: $filter, first: $first, after: $after, includeArchived: true
            sort: [{ updatedAt: { order: Ascending } }]
          ) {
            nodes { ...IssueFields }
            pageInfo { hasNextPage endCursor }
          }
        }
        \(issueFields)
        """

    /// Issues by words; Linear allows 30 of these a minute.
    static let search = """
        query Search($term: String!, $first: Int!, $filter: IssueFilter) {
          searchIssues(term: $term, first: $first, filter: $filter, orderBy: updatedAt) {
            nodes {
              id identifier previousIdentifiers title priority priorityLabel updatedAt
              state { name type }
              assignee { id name displayName }
            }
          }
        }
        """

    /// What a new issue of a team may be given.
    static let form = """
        query Form($team: String!) {
          teams(filter: { key: { eq: $team } }, first: 1) {
            nodes {
              id
              defaultIssueState { id }
              states(first: 100) { nodes { id name type position } }
              labels(first: 250) { nodes { id name isGroup } }
            }
          }
          issueLabels(filter: { team: { null: true } }, first: 250) { nodes { id name isGroup } }
          users(first: 250) { nodes { id name displayName active } }
          issuePriorityValues { priority label }
        }
        """

    /// A team by its key.
    static let team = """
        query Team($team: String!) {
          teams(filter: { key: { eq: $team } }, first: 1) { nodes { id } }
        }
        """

    static let create = """
        mutation Create($input: IssueCreateInput!) {
          issueCreate(input: $input) { success issue { ...IssueFields } }
        }
        \(issueFields)
        """

    /// Puts a link on an issue; for an address that is there already it changes the texts.
    static let attach = """
        mutation Attach($input: AttachmentCreateInput!) {
          attachmentCreate(input: $input) { success attachment { id } }
        }
        """

    /// Every issue that carries a link to an address.
    static let attachments = """
        query Attachments($url: String!) {
          attachmentsForURL(url: $url, first: 50) { nodes { id issue { id identifier } } }
        }
        """

    static let detach = """
        mutation Detach($id: String!) {
          attachmentDelete(id: $id) { success }
        }
        """

    /// Who we are, where, and how much may still be asked.
    static let identity = """
        query Identity {
          viewer { name displayName }
          organization { name urlKey }
          rateLimitStatus { limits { type allowedAmount remainingAmount } }
        }
        """

    /// Whether any issue can be seen.
    static let read = """
        query Read {
          issues(first: 1, includeArchived: true) { nodes { id } }
        }
        """
}
