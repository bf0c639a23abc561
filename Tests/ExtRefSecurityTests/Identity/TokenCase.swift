// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// A token and what becomes of it: how it differs from a good one, who signs it, why it is refused (nil = it
/// is not).
struct TokenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: AuthError.Reason?
    var header: [String: String?] = [:]
    var claims: [String: String?] = [:]
    var signer = TokenWorkshop.Signer.ed

    var testDescription: String { name }

    init(
        _ name: String, _ expected: AuthError.Reason?, header: [String: String?] = [:],
        claims: [String: String?] = [:], by signer: TokenWorkshop.Signer = .ed
    ) {
        self.name = name
        self.expected = expected
        self.header = header
        self.claims = claims
        self.signer = signer
    }

    func token(_ workshop: TokenWorkshop) throws -> String {
        func merged(_ base: [String: String], _ changes: [String: String?]) -> [String: String] {
            changes.reduce(into: base) { $0[$1.key] = $1.value }
        }
        return try workshop.token(
            merged(TokenWorkshop.header, header), merged(TokenWorkshop.claims, claims), by: signer)
    }

    private static func time(_ seconds: Int64) -> String { "\(TokenWorkshop.now.seconds + seconds)" }
    private static let es = ["alg": "\"ES256\"", "kid": "\"es-1\""]
    private static let rs = ["alg": "\"RS256\"", "kid": "\"rsa-1\""]

    static let all = accepted + algorithms + keys + types + identities + times + shapes

    static let accepted = [
        TokenCase("a good token", nil),
        TokenCase("ES256", nil, header: es, by: .es),
        TokenCase("RS256", nil, header: rs, by: .rsa),
        TokenCase("typ with application/ in another case", nil, header: ["typ": "\"Application/AT+JWT\""]),
        TokenCase("an audience list of one", nil, claims: ["aud": "[\"extref\"]"]),
        TokenCase("no nbf, no iat", nil, claims: ["nbf": nil, "iat": nil]),
        TokenCase("no rights at all", nil, claims: ["projects": nil, "roles": nil, "scopes": nil]),
        TokenCase("a fractional expiry", nil, claims: ["exp": time(10) + ".5"]),
        TokenCase(
            "unknown claims and header members", nil, header: ["x5t": "\"abc\""], claims: ["groups": "[1]"]),
        TokenCase("an unknown role grants nothing", nil, claims: ["roles": "[\"owner\"]"]),
    ]

    static let algorithms = [
        TokenCase("none without signature", .algorithmRefused, header: ["alg": "\"none\""], by: .nothing),
        TokenCase("None in another case", .algorithmRefused, header: ["alg": "\"nOnE\""], by: .nothing),
        TokenCase("empty alg", .algorithmRefused, header: ["alg": "\"\""], by: .nothing),
        TokenCase(
            "HS256 with the RSA public key", .algorithmRefused,
            header: ["alg": "\"HS256\"", "kid": "\"rsa-1\""], by: .hmacOfRSA),
        TokenCase(
            "HS256 with the Ed25519 public key", .algorithmRefused, header: ["alg": "\"HS256\""],
            by: .hmacOfEd),
        TokenCase("alg EdDSA over an HMAC", .signatureInvalid, by: .hmacOfEd),
        TokenCase(
            "RS256 named for an Ed25519 key", .algorithmRefused, header: ["alg": "\"RS256\""], by: .rsa),
        TokenCase("EdDSA named for an RSA key", .algorithmRefused, header: ["kid": "\"rsa-1\""]),
        TokenCase(
            "ES256 named for an RSA key", .algorithmRefused,
            header: ["alg": "\"ES256\"", "kid": "\"rsa-1\""], by: .es),
        TokenCase(
            "RS512 of the RS256 key", .algorithmRefused, header: ["alg": "\"RS512\"", "kid": "\"rsa-1\""],
            by: .rsa512),
        TokenCase(
            "PS256 of the RS256 key", .algorithmRefused, header: ["alg": "\"PS256\"", "kid": "\"rsa-1\""],
            by: .pss),
        TokenCase("PSS padding under the name RS256", .signatureInvalid, header: rs, by: .pss),
        TokenCase("alg in another case", .algorithmRefused, header: ["alg": "\"eddsa\""]),
        TokenCase("alg missing", .malformed, header: ["alg": nil]),
        TokenCase("alg a huge number", .malformed, header: ["alg": "1e300"]),
        TokenCase("no signature", .signatureInvalid, by: .nothing),
        TokenCase("a stranger's signature", .signatureInvalid, by: .stranger),
        TokenCase("another trusted key's signature", .signatureInvalid, by: .other),
    ]

    static let keys = [
        TokenCase("kid missing", .keyUnknown, header: ["kid": nil]),
        TokenCase("kid unknown", .keyUnknown, header: ["kid": "\"ed-2\""]),
        TokenCase("kid of another case", .keyUnknown, header: ["kid": "\"ED-1\""]),
        TokenCase("kid a number", .keyUnknown, header: ["kid": "1"]),
        TokenCase("kid empty", .keyUnknown, header: ["kid": "\"\""]),
        TokenCase("kid a path", .keyUnknown, header: ["kid": "\"../../etc/passwd\""]),
        TokenCase("kid an SQL fragment", .keyUnknown, header: ["kid": "\"x' OR '1'='1\""]),
        TokenCase("kid with a NUL", .keyUnknown, header: ["kid": "\"ed-1\\u0000\""]),
        TokenCase(
            "kid very long", .keyUnknown, header: ["kid": "\"\(String(repeating: "k", count: 4_000))\""]),
        TokenCase("jku", .headerRefused, header: ["jku": "\"https://evil.example/keys\""], by: .stranger),
        TokenCase("x5u", .headerRefused, header: ["x5u": "\"https://evil.example/cert\""], by: .stranger),
        TokenCase("x5c", .headerRefused, header: ["x5c": "[\"MIIB\"]"], by: .stranger),
        TokenCase("jwk", .headerRefused, header: ["jwk": "{\"kty\":\"OKP\"}"], by: .stranger),
        TokenCase("jku null", .headerRefused, header: ["jku": "null"]),
        TokenCase("crit", .headerRefused, header: ["crit": "[\"exp\"]"]),
        TokenCase("b64 false", .headerRefused, header: ["b64": "false"]),
        TokenCase(
            "the other issuer's key for our issuer", .issuerRefused, header: ["kid": "\"other-1\""],
            by: .other),
    ]

    static let types = [
        TokenCase("typ missing", .typeRefused, header: ["typ": nil]),
        TokenCase("typ of an id token", .typeRefused, header: ["typ": "\"JWT\""]),
        TokenCase("typ of a logout token", .typeRefused, header: ["typ": "\"logout+jwt\""]),
        TokenCase("typ a list", .typeRefused, header: ["typ": "[\"at+jwt\"]"]),
        TokenCase("nested token", .headerRefused, header: ["cty": "\"JWT\""]),
    ]

    static let identities = [
        TokenCase("iss missing", .claimMissing, claims: ["iss": nil]),
        TokenCase("iss of somebody else", .issuerRefused, claims: ["iss": "\"https://evil.example\""]),
        TokenCase(
            "iss of the other trusted issuer", .issuerRefused,
            claims: ["iss": "\"https://other.example.com\""]),
        TokenCase("iss with a slash more", .issuerRefused, claims: ["iss": "\"https://id.example.com/\""]),
        TokenCase("iss a list", .claimInvalid, claims: ["iss": "[\"https://id.example.com\"]"]),
        TokenCase("aud missing", .claimMissing, claims: ["aud": nil]),
        TokenCase("aud of somebody else", .audienceRefused, claims: ["aud": "\"billing\""]),
        TokenCase("two audiences", .audienceRefused, claims: ["aud": "[\"extref\", \"billing\"]"]),
        TokenCase("the audience twice", .audienceRefused, claims: ["aud": "[\"extref\", \"extref\"]"]),
        TokenCase("no audience in the list", .audienceRefused, claims: ["aud": "[]"]),
        TokenCase("aud in another case", .audienceRefused, claims: ["aud": "\"ExtRef\""]),
        TokenCase("aud an object", .claimInvalid, claims: ["aud": "{\"extref\": true}"]),
        TokenCase("sub missing", .claimMissing, claims: ["sub": nil]),
        TokenCase("sub empty", .claimInvalid, claims: ["sub": "\"\""]),
        TokenCase("sub with a NUL", .claimInvalid, claims: ["sub": "\"user\\u0000\""]),
        TokenCase("tenant missing", .claimMissing, claims: ["tenant": nil]),
        TokenCase("two tenants", .claimInvalid, claims: ["tenant": "[\"acme\", \"evil\"]"]),
        TokenCase("tenant with a blank", .claimInvalid, claims: ["tenant": "\"acme \""]),
        TokenCase("tenant null", .claimInvalid, claims: ["tenant": "null"]),
        TokenCase("a project with a blank", .claimInvalid, claims: ["projects": "{\"P 1\": [\"read\"]}"]),
        TokenCase("projects a list", .claimInvalid, claims: ["projects": "[\"P1\"]"]),
        TokenCase("a role that is no text", .claimInvalid, claims: ["projects": "{\"P1\": [1]}"]),
        TokenCase("roles a text", .claimInvalid, claims: ["roles": "\"tenant_admin\""]),
        TokenCase("scopes a text", .claimInvalid, claims: ["scopes": "\"a b\""]),
        TokenCase("a scope with a blank", .claimInvalid, claims: ["scopes": "[\"a b\"]"]),
        TokenCase(
            "65 scopes", .claimInvalid,
            claims: ["scopes": "[" + (0..<65).map { "\"s\($0)\"" }.joined(separator: ",") + "]"]),
    ]

    static let times = [
        TokenCase("exp missing", .claimMissing, claims: ["exp": nil]),
        TokenCase("exp null", .claimInvalid, claims: ["exp": "null"]),
        TokenCase("exp a text", .claimInvalid, claims: ["exp": "\"never\""]),
        TokenCase("exp negative", .claimInvalid, claims: ["exp": "-1"]),
        TokenCase("exp beyond any time", .claimInvalid, claims: ["exp": "1e30"]),
        TokenCase("ended a minute and a second ago", .expired, claims: ["exp": time(-61)]),
        TokenCase("ended exactly a minute ago", .expired, claims: ["exp": time(-60)]),
        TokenCase("ended a second less than a minute ago", nil, claims: ["exp": time(-59)]),
        TokenCase("ends in an hour and the leeway", nil, claims: ["exp": time(3_660)]),
        TokenCase("ends a second later than that", .lifetimeTooLong, claims: ["exp": time(3_661)]),
        TokenCase("begins in exactly a minute", nil, claims: ["nbf": time(60)]),
        TokenCase("begins in a minute and a second", .notYetValid, claims: ["nbf": time(61)]),
        TokenCase("issued in exactly a minute", nil, claims: ["iat": time(60)]),
        TokenCase("issued in a minute and a second", .notYetValid, claims: ["iat": time(61)]),
        TokenCase("nbf a text", .claimInvalid, claims: ["nbf": "\"now\""]),
        TokenCase("iat beyond any time", .claimInvalid, claims: ["iat": "1e300"]),
    ]

    static let shapes = [
        TokenCase("claims that are no JSON", .malformed, claims: ["tenant": "acme"]),
        TokenCase("a header that is no JSON", .malformed, header: ["alg": "EdDSA"]),
    ]
}
