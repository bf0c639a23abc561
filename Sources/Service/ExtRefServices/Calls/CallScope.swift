// SPDX-License-Identifier: Apache-2.0

package import ExtRefDomain
import RPC

/// Under which key the authentication interceptor leaves the caller.
package enum CallerKey: CallContextKey {
    package typealias Value = Caller
}

/// Who calls what, and when: what every step of a handler needs to know of the call.
struct CallScope: Sendable {
    let caller: Caller
    /// The method's full name, as the audit log shows it.
    let method: String
    let now: Timestamp
    /// When the caller stops waiting; nil = never.
    let deadline: ContinuousClock.Instant?

    /// Reads the scope off a call that went through the authentication interceptor.
    init(_ context: CallContext, now: Timestamp) throws(DomainError) {
        guard let caller = context[CallerKey.self] else {
            throw DomainError(.unauthenticated, .tokenMissing, "This call carries no bearer token.")
        }
        self.caller = caller
        method = context.descriptor.description
        self.now = now
        deadline = context.deadline
    }

    /// The scope of work that goes on for a caller who was judged when it began.
    init(resuming principalID: PrincipalID, of tenantID: TenantID, method: String, now: Timestamp) {
        caller = Caller(tenantID: tenantID, principalID: principalID, isTenantAdmin: true)
        self.method = method
        self.now = now
        deadline = nil
    }

    var tenantID: TenantID { caller.tenantID }

    /// The smaller of a budget and what the caller's deadline leaves, less a margin to answer in.
    func budget(_ wish: Duration) -> Duration {
        guard let deadline else { return wish }
        return max(.zero, min(wish, ContinuousClock.now.duration(to: deadline) - ServiceLimits.replyMargin))
    }

    /// Requires a role in the project; a project that does not exist looks the same as one without rights.
    func require(_ role: ProjectRole, in projectID: ProjectID) throws(DomainError) {
        guard caller.has(role, in: projectID) else {
            throw .denied("This needs the role '\(role.rawValue)' in project '\(projectID)'.")
        }
    }
}
