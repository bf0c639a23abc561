# SPDX-License-Identifier: Apache-2.0
"""The part of GitLab's GraphQL schema that batches need. GitLab's own schema is a hundred times as long;
names and nullability here follow the queries that clients send to live servers."""

SDL = '''
"""ISO 8601"""
scalar Time
scalar ProjectID
scalar IssueID
scalar WorkItemID
scalar LabelID
scalar UserID

type Query {
  currentUser: CurrentUser
  project(fullPath: ID!): Project
  namespace(fullPath: ID!): Namespace
  issue(id: IssueID!): Issue
  workItem(id: WorkItemID!): WorkItem
  metadata: Metadata
}

type Metadata { version: String!  revision: String!  enterprise: Boolean! }
type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }

type CurrentUser { id: UserID!  username: String!  name: String!  webUrl: String!  publicEmail: String }
type UserCore { id: UserID!  username: String!  name: String!  webUrl: String!  publicEmail: String }
type UserCoreConnection { nodes: [UserCore]  pageInfo: PageInfo! }

type Label { id: LabelID!  title: String!  color: String!  description: String }
type LabelConnection { nodes: [Label]  pageInfo: PageInfo!  count: Int! }

enum IssueState { opened closed locked all }
enum IssuableState { opened closed locked all }
enum IssueType { ISSUE INCIDENT TEST_CASE REQUIREMENT TASK OBJECTIVE KEY_RESULT EPIC TICKET }
enum IssuableSeverity { UNKNOWN LOW MEDIUM HIGH CRITICAL }
enum IssueSort {
  CREATED_ASC CREATED_DESC UPDATED_ASC UPDATED_DESC created_asc created_desc updated_asc updated_desc }
enum WorkItemState { OPEN CLOSED }

type Project {
  id: ID!
  name: String!
  fullPath: ID!
  path: String!
  webUrl: String
  archived: Boolean
  issuesEnabled: Boolean
  issue(iid: String, iids: [String!]): Issue
  issues(iid: String, iids: [String!], state: IssuableState, search: String, updatedAfter: Time,
         updatedBefore: Time,
         sort: IssueSort = CREATED_DESC, labelName: [String], after: String, before: String,
         first: Int, last: Int): IssueConnection
  labels(searchTerm: String, after: String, before: String, first: Int, last: Int): LabelConnection
  workItems(iid: String, iids: [String!], state: IssuableState, search: String, after: String,
            before: String, first: Int, last: Int): WorkItemConnection
}

type IssueConnection { nodes: [Issue]  pageInfo: PageInfo!  count: Int! }

type Issue {
  id: ID!
  iid: ID!
  title: String!
  description: String
  state: IssueState!
  type: IssueType
  severity: IssuableSeverity
  confidential: Boolean!
  webUrl: String!
  webPath: String!
  reference(full: Boolean = false): String!
  createdAt: Time!
  updatedAt: Time!
  closedAt: Time
  moved: Boolean
  movedTo: Issue
  author: UserCore!
  projectId: Int!
  assignees(after: String, before: String, first: Int, last: Int): UserCoreConnection
  labels(after: String, before: String, first: Int, last: Int): LabelConnection
  status: WorkItemStatus
}

type Namespace {
  id: ID!
  name: String!
  fullPath: ID!
  fullName: String!
  workItem(iid: String!): WorkItem
  workItems(iids: [String!], state: IssuableState, search: String, after: String, before: String, first: Int,
            last: Int): WorkItemConnection
}

type WorkItemConnection { nodes: [WorkItem]  pageInfo: PageInfo! }
type WorkItemType { id: ID!  name: String!  iconName: String }
type WorkItemStatus { id: ID  name: String  category: String  color: String  iconName: String }

type WorkItem {
  id: ID!
  iid: String!
  title: String!
  description: String
  state: WorkItemState!
  confidential: Boolean!
  webUrl: String
  reference(full: Boolean = false): String!
  createdAt: Time!
  updatedAt: Time!
  closedAt: Time
  movedToWorkItemUrl: String
  author: UserCore
  namespace: Namespace
  workItemType: WorkItemType!
  widgets: [WorkItemWidget!]
}

interface WorkItemWidget { type: String }
type WorkItemWidgetStatus implements WorkItemWidget { type: String  status: WorkItemStatus }
type WorkItemWidgetAssignees implements WorkItemWidget {
  type: String
  assignees(after: String, before: String, first: Int, last: Int): UserCoreConnection
}
type WorkItemWidgetLabels implements WorkItemWidget {
  type: String
  labels(after: String, before: String, first: Int, last: Int): LabelConnection
}
type WorkItemWidgetDescription implements WorkItemWidget { type: String  description: String }
'''
