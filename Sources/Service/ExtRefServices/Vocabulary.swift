// SPDX-License-Identifier: Apache-2.0

package import ExtRefDomain
package import ExtRefMessages

// The domain and the wire use the same words. In this module a bare word is the domain's; the wire's is
// behind `Wire`.

package typealias AuditEntry = ExtRefDomain.AuditEntry
package typealias AuthenticationField = ExtRefDomain.AuthenticationField
package typealias AuthenticationMethod = ExtRefDomain.AuthenticationMethod
package typealias Availability = ExtRefDomain.Availability
package typealias Capability = ExtRefDomain.Capability
package typealias CapabilityState = ExtRefDomain.CapabilityState
package typealias Change = ExtRefDomain.Change
package typealias CredentialState = ExtRefDomain.CredentialState
package typealias ErrorReason = ExtRefDomain.ErrorReason
package typealias FieldChange = ExtRefDomain.FieldChange
package typealias Link = ExtRefDomain.Link
package typealias LinkTarget = ExtRefDomain.LinkTarget
package typealias Owner = ExtRefDomain.Owner
package typealias ProjectOverlay = ExtRefDomain.ProjectOverlay
package typealias Reachability = ExtRefDomain.Reachability
package typealias Relation = ExtRefDomain.Relation
package typealias SemanticType = ExtRefDomain.SemanticType
package typealias SourceHealth = ExtRefDomain.SourceHealth
package typealias SourceSync = ExtRefDomain.SourceSync
package typealias StatusCategory = ExtRefDomain.StatusCategory
package typealias StatusMapping = ExtRefDomain.StatusMapping

/// The messages of `extref.v1` whose names the domain has too.
package enum Wire {
    package typealias AuditEntry = ExtRefMessages.AuditEntry
    package typealias AuthenticationField = ExtRefMessages.AuthenticationField
    package typealias AuthenticationMethod = ExtRefMessages.AuthenticationMethod
    package typealias Availability = ExtRefMessages.Availability
    package typealias Capability = ExtRefMessages.Capability
    package typealias CapabilityState = ExtRefMessages.CapabilityState
    package typealias Change = ExtRefMessages.Change
    package typealias CredentialState = ExtRefMessages.CredentialState
    package typealias FieldChange = ExtRefMessages.FieldChange
    package typealias Link = ExtRefMessages.Link
    package typealias LinkTarget = ExtRefMessages.LinkTarget
    package typealias Owner = ExtRefMessages.Owner
    package typealias ProjectOverlay = ExtRefMessages.ProjectOverlay
    package typealias SourceSync = ExtRefMessages.SourceSync
    package typealias WebhookDelivery = ExtRefMessages.WebhookDelivery
    package typealias Reachability = ExtRefMessages.Reachability
    package typealias Relation = ExtRefMessages.Relation
    package typealias SemanticType = ExtRefMessages.SemanticType
    package typealias Source = ExtRefMessages.Source
    package typealias SourceHealth = ExtRefMessages.SourceHealth
    package typealias StatusCategory = ExtRefMessages.StatusCategory
    package typealias StatusMapping = ExtRefMessages.StatusMapping
}
