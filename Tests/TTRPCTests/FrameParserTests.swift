// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TTRPC

@Suite struct FrameParserTests {
    @Test func aHeaderSurvivesTheWire() {
        let header = FrameHeader(bodyBytes: 0x01_0203, streamID: 0x0405_0607, kind: .data, flags: 5)
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        #expect(bytes == [0, 1, 2, 3, 4, 5, 6, 7, 3, 5])
        let read = FrameHeader(bytes.span, at: 0)
        #expect(read == header)
    }

    @Test func aFrameThatCameWholeIsNotCopied() {
        let bytes = frame([1, 2, 3])
        var parser = FrameParser(wanting: .request, bodyBytesMax: 100)
        var offset = 0
        let step = parser.next(bytes.span, from: &offset)
        #expect(step == .frame(header(3), .input(10..<13)))
        #expect(offset == 13 && parser.gatheredBytes == 0)
    }

    @Test func memoryFollowsTheBytesThatCameAndNotThePromise() {
        var parser = FrameParser(wanting: .request, bodyBytesMax: 4 << 20)
        var offset = 0
        let bytes = Array(frame([UInt8](repeating: 7, count: 4 << 20)).prefix(110))
        let step = parser.next(bytes.span, from: &offset)
        #expect(step == nil && parser.gatheredBytes == 100 && parser.isInsideFrame)
        #expect(parser.takeGathered().capacity < 1024)
    }

    @Test func aBodyThatNobodyWantsIsNeverKept() {
        var parser = FrameParser(wanting: .response, bodyBytesMax: 100)
        let bytes = frame([UInt8](repeating: 7, count: 50_000))
        var offset = 0
        let first = Array(bytes.prefix(20_000))
        let step = parser.next(first.span, from: &offset)
        #expect(step == .oversized(header(50_000)))
        let next = parser.next(first.span, from: &offset)
        #expect(next == nil && offset == first.count)
        var rest = bytes.dropFirst(offset)
        while !rest.isEmpty {
            offset = 0
            let piece = Array(rest.prefix(999))
            let step = parser.next(piece.span, from: &offset)
            #expect(step == nil)
            rest = rest.dropFirst(piece.count)
        }
        #expect(parser.gatheredBytes == 0 && !parser.isInsideFrame && parser.completedCount == 1)
    }

    @Test(arguments: 0..<200) func randomFramesInRandomPiecesComeOutWhole(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let bodies = (0..<Int.random(in: 1...20, using: &random)).map { _ in
            (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
        }
        var rest = bodies.flatMap { frame($0) }[...]
        var parser = FrameParser(wanting: .request, bodyBytesMax: 300)
        var found: [[UInt8]] = []
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Int.random(in: 1...400, using: &random)))
            rest = rest.dropFirst(piece.count)
            found += parser.bodies(in: piece)
        }
        #expect(found == bodies, "seed \(seed)")
    }

    @Test(arguments: 0..<200) func noiseNeverTrapsAndNeverKeepsMoreThanCame(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        var parser = FrameParser(wanting: .request, bodyBytesMax: 64)
        var received = 0
        for _ in 0..<50 {
            let piece = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...3, using: &random)
            }
            received += piece.count
            var offset = 0
            while let step = parser.next(piece.span, from: &offset) {
                if step == .lostSync { return }
                if case .frame(_, .gathered) = step { parser.reuse(parser.takeGathered()) }
            }
            #expect(parser.gatheredBytes <= received && offset == piece.count, "seed \(seed)")
        }
    }

    private func header(_ bodyBytes: Int) -> FrameHeader {
        FrameHeader(bodyBytes: bodyBytes, streamID: 1, kind: .request)
    }

    private func frame(_ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        header(body.count).append(to: &bytes)
        return bytes + body
    }
}

extension FrameParser {
    fileprivate mutating func bodies(in bytes: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var offset = 0
        while let step = next(bytes.span, from: &offset) {
            switch step {
            case .frame(_, .input(let range)): found.append(Array(bytes[range]))
            case .frame(_, .gathered): found.append(takeGathered())
            case .otherKind, .oversized, .lostSync: return found
            }
        }
        return found
    }
}

/// A generator whose seed tells everything.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
