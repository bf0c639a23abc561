// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Stops accepting for a while when a connection could not be accepted, for instance because the process has
/// no file descriptors left.
///
/// The listening socket stays readable then, and the loop would do nothing but fail. NIO's own back-off
/// handler waits for the next `read`, which does not come after a failed accept, so this one takes the socket
/// out of the selector.
final class AcceptPauseHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private var isPaused = false

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        setReading(false, context.channel)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: TimeAmount(RPCServerLimits.acceptPauseDuration)) {
            handler.value.isPaused = false
            handler.value.setReading(true, channel)
        }
    }

    private func setReading(_ isReading: Bool, _ channel: any Channel) {
        // It fails only for a channel that is closed, and that accepts nothing anyway.
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }
}
