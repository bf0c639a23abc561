// SPDX-License-Identifier: Apache-2.0

/// The version of server and command line client; `CHANGELOG.md` tells what is in it.
public enum ServerVersion {
    /// Major, minor and patch (semver.org).
    public static let text = "0.1.0"
}
