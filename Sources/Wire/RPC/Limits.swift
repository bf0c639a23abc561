// SPDX-License-Identifier: Apache-2.0

/// Bounds of calls, whatever carries them.
public enum RPCLimits {
    /// Entries of a call's metadata.
    public static let metadataEntriesMax = 64
    /// Bytes of a call's metadata: keys and values together.
    public static let metadataBytesMax = 16 << 10

    /// Time for a call whose caller named no deadline.
    public static let deadlineDefault = Duration.seconds(30)
    /// The longest time that a caller can ask for; more is cut to this. Long polls live on it.
    public static let deadlineMax = Duration.seconds(300)

    /// When to come back after a drain began: long enough for a restart, short enough to stay unnoticed.
    public static let retryDelayDraining = Duration.seconds(1)
    /// When to come back after a cap was hit.
    public static let retryDelayOverloaded = Duration.milliseconds(100)

    /// Services whose health is kept.
    public static let healthServicesMax = 256

    /// `google.rpc.ErrorInfo.domain` of our reasons.
    public static let errorDomain = "extref"
}
