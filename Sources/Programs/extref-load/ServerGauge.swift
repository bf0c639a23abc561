// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a process has used, as `/proc` tells. Elsewhere there is none.
struct ServerGauge {
    /// User and system time of all threads, those that ended included.
    let cpuNanoseconds: UInt64
    /// Bytes in memory.
    let residentBytes: UInt64

    init?(pid: Int32) {
        guard let stat = Self.fields("/proc/\(pid)/stat", after: ")"),
            let statm = Self.fields("/proc/\(pid)/statm", after: nil),
            stat.count > 12, statm.count > 1,
            let user = UInt64(stat[11]), let system = UInt64(stat[12]), let pages = UInt64(statm[1])
        else { return nil }
        let ticksPerSecond = UInt64(sysconf(Int32(_SC_CLK_TCK)))
        cpuNanoseconds = (user + system) * 1_000_000_000 / ticksPerSecond
        residentBytes = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The fields of a file's only line; the name of the process, which may hold anything, ends with `)`.
    private static func fields(_ path: String, after mark: Character?) -> [Substring]? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        var text = Substring(String(decoding: data, as: UTF8.self))
        if let mark, let end = text.lastIndex(of: mark) { text = text[text.index(after: end)...] }
        return text.split(whereSeparator: \.isWhitespace)
    }
}
