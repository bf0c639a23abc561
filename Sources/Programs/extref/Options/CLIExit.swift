// SPDX-License-Identifier: Apache-2.0

/// How the program ends; `docs/cli.md` lists it for people.
enum CLIExit {
    /// The call failed, or what was asked about is not well.
    static let failure: Int32 = 1
    /// The command line is wrong (EX_USAGE of sysexits.h); the argument parser uses it too.
    static let usage: Int32 = 64
}
