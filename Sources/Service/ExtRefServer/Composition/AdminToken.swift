// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity

/// `admin.token`: the bearer token that makes the first minutes work without an identity provider.
///
/// It is written on the first start. Later starts renew it while the file is there; an operator who removes
/// it gets rid of it for good.
struct AdminToken {
    /// Whom the token makes its bearer.
    static let bearer = Caller(
        tenantID: TenantID(trusted: "local"), principalID: PrincipalID(trusted: "admin"),
        displayName: "Local admin", isTenantAdmin: true)

    let directory: DataDirectory
    let issuer: LocalIssuer
    let authenticator: Authenticator

    /// Writes or renews the token.
    /// - Returns: whether a new one was written.
    func keep(isFirstStart: Bool, now: Timestamp) throws(StartError) -> Bool {
        let present = directory.text(ofFile: DataDirectory.adminTokenName)
        let isDue = present.map { !isGood($0, now: now) } ?? isFirstStart
        guard isDue else { return false }
        let token: Secret
        do throws(SecurityError) {
            token = try issuer.mint(for: Self.bearer, lifetime: SecurityLimits.localLifetimeMax, now: now)
        } catch {
            throw StartError(.keys, error.message, cause: error)
        }
        try token.reveal { text throws(StartError) in
            try directory.write(text + "\n", toPrivateFile: DataDirectory.adminTokenName)
        }
        return true
    }

    /// Whether the token holds, and was written recently enough to hold for a good while.
    private func isGood(_ text: String, now: Timestamp) -> Bool {
        let authorization = "Bearer " + text.filter { !$0.isWhitespace }
        guard (try? authenticator.caller(authorization: authorization, now: now)) != nil,
            let written = directory.writeTime(ofFile: DataDirectory.adminTokenName)
        else { return false }
        return now + ServerLimits.adminTokenRest < written + SecurityLimits.localLifetimeMax
    }
}
