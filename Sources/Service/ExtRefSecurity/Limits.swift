// SPDX-License-Identifier: Apache-2.0

/// Every bound of identity, secrets, page tokens and egress, by name.
public enum SecurityLimits {
    /// Longest bearer token. The wire's metadata is capped at 16 KiB; a token with 200 projects needs 8.
    public static let tokenBytesMax = 12 * 1_024
    /// Longest key id in a token's header or a key set.
    public static let keyIDBytesMax = 128
    /// How far the clocks of an issuer and this server may lie apart.
    public static let clockLeeway = Duration.seconds(60)
    /// Farthest expiry accepted from an issuer that is not this server; an ended right is gone after it.
    public static let foreignLifetimeMax = Duration.seconds(3_600)
    /// Longest lifetime of a token that `extref token` makes. Those are for machines that cannot renew one;
    /// a withdrawn key ends them early.
    public static let localLifetimeMax = Duration.seconds(90 * 86_400)
    /// Most verified tokens remembered.
    public static let cachedTokensMax = 16_384
    /// Most bytes of token text that remembered callers stem from; they themselves take about thrice as much.
    public static let cachedTokenBytesMax = 16 * 1_024 * 1_024
    /// How long a verified token is believed without looking at its signature again.
    public static let tokenReverifiedAfter = Duration.seconds(300)
    /// Most projects one token may name.
    public static let projectsPerTokenMax = 1_000
    /// Most scopes one token may name.
    public static let scopesPerTokenMax = 64
    /// Longest scope name.
    public static let scopeBytesMax = 128
    /// Largest key set file.
    public static let keySetBytesMax = 256 * 1_024
    /// Most usable keys in one key set.
    public static let keysPerSetMax = 64
    /// How long keys serve after their file was last seen whole.
    public static let keysUnconfirmedMax = Duration.seconds(24 * 3_600)

    /// Largest secret that is sealed: a private key with its certificate chain fits.
    public static let secretBytesMax = 64 * 1_024
    /// Largest key ring file.
    public static let keyRingBytesMax = 16 * 1_024
    /// Most keys in a ring: one primary and those that a rotation has not emptied yet.
    public static let keyRingKeysMax = 16

    /// Longest cursor inside a page token: a title of the longest kind, its id and some positions fit.
    public static let cursorBytesMax = 4_608
    /// Longest page token a caller may send.
    public static let pageTokenBytesMax = 6_400

    /// Longest URL that is judged.
    public static let urlBytesMax = 2_048
    /// Longest host name (RFC 1035, 2.3.4, less the root's dot and length octet).
    public static let hostNameBytesMax = 253
    /// Longest label of a host name.
    public static let hostLabelBytesMax = 63
    /// Most entries in each of the operator's egress lists.
    public static let egressEntriesMax = 1_000
    /// Random bytes of a PKCE verifier (RFC 7636, 4.1).
    public static let pkceVerifierBytes = 32
    /// Shortest webhook secret that counts, and shortest key behind `whsec_`. Guessing shorter ones is
    /// thinkable.
    public static let webhookSecretBytesMin = 16
    public static let webhookKeyBytesMin = 16
    /// How far a signed time may lie from ours (Standard Webhooks leaves the choice; its libraries take
    /// this).
    public static let webhookSkewMax = Duration.seconds(300)
    /// Longest id of a notification, and most signatures looked at, under Standard Webhooks.
    public static let webhookIDBytesMax = 128
    public static let webhookSignaturesMax = 8
    /// Longest `state` of an authorisation that is looked at.
    public static let authorizationStateBytesMax = 8_192
}
