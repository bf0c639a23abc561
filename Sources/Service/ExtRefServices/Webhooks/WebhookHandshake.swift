// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore

/// The time in which a tracker that chooses its webhook's secret may tell it.
///
/// Anybody can post a secret to the public address. So one is believed only after an admin asked for it, for
/// a short time, and at a path with a random part that only the admin and the tracker know. It is kept like
/// a secret, so that it survives a restart.
struct WebhookHandshake: Sendable {
    /// The random part of the path.
    let token: Secret
    /// How long the secrets before the first new one are still accepted.
    let overlap: Duration
    /// Whether a first new secret came already: further ones are added, for trackers whose webhooks have one
    /// each.
    let isBegun: Bool

    /// Opens the time.
    init(overlap: Duration) {
        token = WebhookSecrets.makeHexadecimal()
        self.overlap = overlap
        isBegun = false
    }

    private init(token: Secret, overlap: Duration, isBegun: Bool) {
        self.token = token
        self.overlap = overlap
        self.isBegun = isBegun
    }

    /// The same after its first secret.
    var begun: WebhookHandshake { WebhookHandshake(token: token, overlap: overlap, isBegun: true) }

    /// As it is sealed: token, seconds, and whether it is begun, in lines.
    var text: Secret {
        Secret("\(token.reveal { $0 })\n\(overlap.components.seconds)\n\(isBegun ? 1 : 0)")
    }

    /// Reads what ``text`` wrote.
    init?(_ text: Secret) {
        let lines = text.reveal { $0.split(separator: "\n").map(String.init) }
        guard lines.count == 3, let seconds = Int64(lines[1]) else { return nil }
        self.init(token: Secret(lines[0]), overlap: .seconds(seconds), isBegun: lines[2] == "1")
    }

    /// Whether a tracker may choose this secret: visible ASCII, long enough not to be guessed.
    static func isSecret(_ text: String) -> Bool {
        (SecurityLimits.webhookSecretBytesMin...ServiceLimits.handshakeSecretBytesMax)
            .contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
