// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import ExtRefTrackers
import Testing

@testable import ExtRefSecurity

@Suite struct RSATokenSignerTests {
    /// Making a key takes a moment; one serves all.
    private static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private static let message = Array("header.payload".utf8)

    private func verifies(_ signature: [UInt8], _ message: [UInt8] = message) throws -> Bool {
        try Self.key.get().publicKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: message,
            padding: .insecurePKCS1v1_5)
    }

    @Test func `keys in both forms of PEM sign what verifies`() throws {
        let key = try Self.key.get()
        let forms = [key.pemRepresentation, key.pkcs8PEMRepresentation]
        #expect(forms[0].hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
        #expect(forms[1].hasPrefix("-----BEGIN PRIVATE KEY-----"))
        for pem in forms {
            let signature = try RSATokenSigner().rs256(Self.message, privateKeyPEM: pem)
            #expect(signature.count == 256)
            #expect(try verifies(signature))
            #expect(try !verifies(signature, Self.message + [0]))
        }
    }

    @Test func `a key that was pasted with other line ends and blanks around it is read`() throws {
        let pem = try Self.key.get().pemRepresentation
        for text in [pem.replacing("\n", with: "\r\n"), "\n\n" + pem + "\n", "  \n" + pem] {
            #expect(try verifies(RSATokenSigner().rs256(Self.message, privateKeyPEM: text)))
        }
    }

    @Test func `the same message has the same signature`() throws {
        let pem = try Self.key.get().pemRepresentation
        let signer = RSATokenSigner()
        #expect(
            try signer.rs256(Self.message, privateKeyPEM: pem)
                == signer.rs256(Self.message, privateKeyPEM: pem))
    }

    @Test func `what is no RSA private key is a refusal that says what to paste`() throws {
        let key = try Self.key.get()
        let pem = key.pemRepresentation
        let bad = [
            "", "secret", pem.replacing("\n", with: ""), String(pem.dropLast(40)), String(pem.dropFirst(20)),
            pem.replacing("RSA PRIVATE KEY", with: "CERTIFICATE"), key.publicKey.pemRepresentation,
            P256.Signing.PrivateKey().pemRepresentation,
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        ]
        for (index, text) in bad.enumerated() {
            let error = #expect(throws: TrackerError.self, "case \(index)") {
                try RSATokenSigner().rs256(Self.message, privateKeyPEM: text)
            }
            #expect(error?.code == .credentialsRejected)
            #expect(error?.message.contains("PEM") == true && error?.message.contains("AAAA") == false)
        }
    }
}
