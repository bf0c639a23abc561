// SPDX-License-Identifier: Apache-2.0

internal import CryptoExtras
public import ExtRefTrackers

/// Signs assertions with the RSA keys that sources hold, such as a GitHub App's.
public struct RSATokenSigner: TokenSigning {
    /// Makes a signer.
    public init() {}

    public func rs256(_ message: [UInt8], privateKeyPEM: String) throws(TrackerError) -> [UInt8] {
        do {
            let key = try _RSA.Signing.PrivateKey(pemRepresentation: privateKeyPEM)
            let signature = try key.signature(for: message, padding: .insecurePKCS1v1_5)
            return Array(signature.rawRepresentation)
        } catch {
            throw TrackerError(
                .credentialsRejected,
                "The private key cannot be used. Paste the whole PEM file, from BEGIN to END, of an RSA key.")
        }
    }
}
