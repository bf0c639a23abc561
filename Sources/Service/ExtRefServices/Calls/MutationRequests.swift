// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages

// Which requests change something, and which ask for a page.

extension CreateSourceRequest: MutationRequest {}
extension UpdateSourceRequest: MutationRequest {}
extension DeleteSourceRequest: MutationRequest {}
extension EnableSourceRequest: MutationRequest {}
extension DisableSourceRequest: MutationRequest {}
extension CreateRelationRequest: MutationRequest {}
extension UpdateRelationRequest: MutationRequest {}
extension DeleteRelationRequest: MutationRequest {}
extension EnableRelationRequest: MutationRequest {}
extension DisableRelationRequest: MutationRequest {}
extension SetProjectOverlayRequest: MutationRequest {}
extension CreateLinkRequest: MutationRequest {}
extension BatchCreateLinksRequest: MutationRequest {}
extension UpdateLinkRequest: MutationRequest {}
extension DeleteLinkRequest: MutationRequest {}
extension BatchDeleteLinksRequest: MutationRequest {}
extension CopyObjectLinksRequest: MutationRequest {}
extension MoveObjectLinksRequest: MutationRequest {}
extension DeleteObjectLinksRequest: MutationRequest {}
extension ImportLinksRequest: MutationRequest {}
extension CreateIssueRequest: MutationRequest {}

extension ListSourcesRequest: PagedRequest {}
extension ListRelationsRequest: PagedRequest {}
extension ListAuditEntriesRequest: PagedRequest {}
extension ListLinksRequest: PagedRequest {}
extension ListIssuesRequest: PagedRequest {}
extension ExportLinksRequest: PagedRequest {}
