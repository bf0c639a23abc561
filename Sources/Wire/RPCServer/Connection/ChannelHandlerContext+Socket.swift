// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#endif

extension ChannelHandlerContext {
    /// Bytes written to the channel that the kernel has not taken.
    var queuedBytes: Int {
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Has the kernel acknowledge what has come without waiting for more.
    ///
    /// One stock client sends a frame in five pieces and, by Nagle's rule, waits with each until the one
    /// before is acknowledged; the kernel would take 40 ms for that. The option wears off, so it is set after
    /// each such read.
    func acknowledgeAtOnce() {
        #if os(Linux)
        guard channel.remoteAddress?.port != nil else { return }
        let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_QUICKACK))
        try? channel.syncOptions?.setOption(option, value: 1)
        #endif
    }
}
