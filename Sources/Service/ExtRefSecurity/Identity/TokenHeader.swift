// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A token's JOSE header: what it claims about its own signature, which is a hint and never an instruction.
struct TokenHeader: Decodable {
    let algorithm: String
    let keyID: String
    let type: String

    /// Members that bring or fetch a key, or change how the token is read (RFC 7515, 4.1; RFC 7797).
    private static let refused: Set<String> = [
        "jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty",
    ]

    /// Reads a header.
    static func read(_ json: [UInt8]) throws(AuthError) -> TokenHeader {
        do {
            return try JSONDecoder().decode(TokenHeader.self, from: Data(json))
        } catch let error as AuthError {
            throw error
        } catch {
            throw AuthError(.malformed)
        }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        guard !members.allKeys.contains(where: { Self.refused.contains($0.stringValue) }) else {
            throw AuthError(.headerRefused)
        }
        algorithm = try members.decode(String.self, forKey: Member(stringValue: "alg"))
        guard let keyID = try? members.decode(String.self, forKey: Member(stringValue: "kid")),
            KeySet.isKeyID(keyID)
        else { throw AuthError(.keyUnknown) }
        guard let type = try? members.decode(String.self, forKey: Member(stringValue: "typ")) else {
            throw AuthError(.typeRefused)
        }
        self.keyID = keyID
        self.type = Self.normalised(type)
    }

    /// `application/` may be left out of `typ` and case does not count (RFC 7515, 4.1.9).
    private static func normalised(_ type: String) -> String {
        let type = type.lowercased()
        let prefix = "application/"
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }

    private struct Member: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
