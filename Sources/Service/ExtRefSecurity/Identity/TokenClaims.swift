// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import FoundationEssentials

/// The claims of a token whose signature is verified.
struct TokenClaims: Decodable {
    let issuer: String
    let audience: Audience
    let subject: String
    let expiresAt: Double
    let notBefore: Double?
    let issuedAt: Double?
    let tenant: String
    let projects: [String: [String]]?
    let roles: [String]?
    let scopes: [String]?
    let name: String?

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case expiresAt = "exp"
        case notBefore = "nbf"
        case issuedAt = "iat"
        case tenant, projects, roles, scopes, name
    }

    /// One name or a list of them (RFC 7519, 4.1.3).
    struct Audience: Decodable {
        let names: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let name = try? value.decode(String.self) {
                names = [name]
            } else {
                names = try value.decode([String].self)
            }
        }
    }

    /// Reads claims; names the one that is missing or of the wrong type.
    static func read(_ json: [UInt8]) throws(AuthError) -> TokenClaims {
        do {
            return try JSONDecoder().decode(TokenClaims.self, from: Data(json))
        } catch DecodingError.keyNotFound(let key, let context) where context.codingPath.isEmpty {
            throw AuthError(.claimMissing, claim: key.stringValue)
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context)
        {
            // Only a known claim's name may get out; deeper keys are the token's own text.
            guard let claim = context.codingPath.first.flatMap({ CodingKeys(stringValue: $0.stringValue) })
            else {
                throw AuthError(.malformed)
            }
            throw AuthError(.claimInvalid, claim: claim.rawValue)
        } catch {
            throw AuthError(.malformed)
        }
    }
}

// MARK: Judging

extension TokenClaims {
    /// When a token is good: from ``notBefore`` on and before ``end``, leeway included.
    struct Validity: Sendable {
        let notBefore: Timestamp
        let end: Timestamp

        func check(at now: Timestamp) throws(AuthError) {
            guard now < end else { throw AuthError(.expired) }
            guard now >= notBefore else { throw AuthError(.notYetValid, claim: "nbf") }
        }
    }

    /// Judges issuer, audience and times.
    func validity(from trusted: TrustedIssuer, at now: Timestamp) throws(AuthError) -> Validity {
        guard issuer == trusted.name else { throw AuthError(.issuerRefused, claim: "iss") }
        guard audience.names == [TrustedIssuer.audience] else {
            throw AuthError(.audienceRefused, claim: "aud")
        }
        let leeway = SecurityLimits.clockLeeway
        let expiry = try Self.time(expiresAt, claim: "exp")
        let begin = try notBefore.map { value throws(AuthError) in try Self.time(value, claim: "nbf") }
        let issue = try issuedAt.map { value throws(AuthError) in try Self.time(value, claim: "iat") }
        let validity = Validity(
            notBefore: begin.map { Timestamp(milliseconds: $0.milliseconds - leewayMilliseconds) }
                ?? Timestamp(milliseconds: .min),
            end: expiry + leeway)
        try validity.check(at: now)
        if let issue, issue > now + leeway { throw AuthError(.notYetValid, claim: "iat") }
        guard expiry <= now + trusted.lifetimeMax + leeway else {
            throw AuthError(.lifetimeTooLong, claim: "exp")
        }
        return validity
    }

    /// What the claims make of the caller.
    func caller() throws(AuthError) -> Caller {
        guard let tenantID = TenantID(tenant) else { throw AuthError(.claimInvalid, claim: "tenant") }
        guard let principalID = PrincipalID(subject) else { throw AuthError(.claimInvalid, claim: "sub") }
        return Caller(
            tenantID: tenantID, principalID: principalID, displayName: displayName,
            isTenantAdmin: roles?.contains(Self.tenantAdmin) == true, projectRoles: try projectRoles(),
            scopes: try scopeNames())
    }

    /// The tenant-level role's name.
    static let tenantAdmin = "tenant_admin"

    private var leewayMilliseconds: Int64 { SecurityLimits.clockLeeway.components.seconds * 1_000 }

    /// Years 1970 to 5138: beyond it a number is no time, and arithmetic with it could overflow.
    private static func time(_ seconds: Double, claim: String) throws(AuthError) -> Timestamp {
        guard (0...1e11).contains(seconds) else { throw AuthError(.claimInvalid, claim: claim) }
        return Timestamp(milliseconds: Int64(seconds * 1_000))
    }

    /// The highest role in each project. A role this server does not know grants nothing, so that a newer
    /// host can talk to an older server.
    private func projectRoles() throws(AuthError) -> [ProjectID: ProjectRole] {
        let projects = projects ?? [:]
        guard projects.count <= SecurityLimits.projectsPerTokenMax else {
            throw AuthError(.claimInvalid, claim: "projects")
        }
        var roles = [ProjectID: ProjectRole]()
        for (project, names) in projects {
            guard let projectID = ProjectID(project) else {
                throw AuthError(.claimInvalid, claim: "projects")
            }
            roles[projectID] = names.compactMap(ProjectRole.init).max()
        }
        return roles
    }

    private func scopeNames() throws(AuthError) -> Set<String> {
        let names = scopes ?? []
        let areSound = names.allSatisfy {
            (1...SecurityLimits.scopeBytesMax).contains($0.utf8.count)
                && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard names.count <= SecurityLimits.scopesPerTokenMax, areSound else {
            throw AuthError(.claimInvalid, claim: "scopes")
        }
        return Set(names)
    }

    /// The name without control and format characters, which could dress up a log line or an audit entry.
    private var displayName: String? {
        let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
        let scalars = (name ?? "").unicodeScalars.filter { !hidden.contains($0.properties.generalCategory) }
            .prefix(DomainLimits.nameScalarsMax)
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }
}
