// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// What is known of the place the output goes to.
struct Terminal: Sendable {
    /// Cells of one line; nil when the output is a file or a pipe, which takes lines of any length.
    let columns: Int?
    /// Whether colours help there.
    let hasColors: Bool

    /// Describes standard output. Colours need a terminal that is not `dumb`, no `NO_COLOR` (no-color.org)
    /// and no `--no-color`; the width is the terminal's own, else `COLUMNS`, else 80.
    static func standardOutput(environment: [String: String], noColor: Bool) -> Terminal {
        guard isatty(STDOUT_FILENO) == 1 else { return Terminal(columns: nil, hasColors: false) }
        let refused = noColor || environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        let columns =
            windowColumns() ?? environment["COLUMNS"].flatMap { Int($0) } ?? CLILimits.columnsDefault
        return Terminal(columns: max(columns, CLILimits.columnsMin), hasColors: !refused)
    }

    /// The window's width, as the terminal driver knows it.
    private static func windowColumns() -> Int? {
        var size = winsize()
        // The pointer is valid for the call, and the request fills exactly this struct.
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
