// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import Testing

@testable import ProtobufC

@Suite struct TextCheckTests {
    /// What the guard says of bytes, and what Swift's own validation says.
    private func agree(_ bytes: [UInt8]) -> Bool {
        let fault = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe TextCheck.fault(in: $0, count: buffer.count) } ?? .none
        }
        let isText = String(validating: bytes, as: UTF8.self) != nil
        switch fault {
        case .none: return isText && !bytes.contains(0)
        case .embeddedNUL: return bytes.contains(0)
        default: return !isText
        }
    }

    @Test func `agrees with Swift on every sequence of two bytes`() {
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max where !agree([first, second]) {
                Issue.record("disagrees on \(first), \(second)")
            }
        }
    }

    @Test func `agrees with Swift on the edges of longer sequences`() {
        let edges: [UInt8] = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        for lead in 0xE0...0xFF as ClosedRange<UInt8> {
            for second in edges {
                for third in edges {
                    if !agree([lead, second, third]) {
                        Issue.record("disagrees on \(lead), \(second), \(third)")
                    }
                    for fourth in edges where !agree([lead, second, third, fourth]) {
                        Issue.record("disagrees on \(lead), \(second), \(third), \(fourth)")
                    }
                }
            }
        }
    }

    @Test func `finds a fault at any place in a long text`() {
        for length in 1...40 {
            for place in 0..<length {
                for fault in [0x00, 0x80, 0xC3, 0xFF] as [UInt8] {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    bytes[place] = fault
                    if !agree(bytes) { Issue.record("disagrees on \(fault) at \(place) of \(length)") }
                }
            }
        }
    }

    @Test func `agrees with Swift on random texts`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<8).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &random))
                    }))
            var bytes = Array(text.utf8)
            if random.oneIn(2), !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: .min ... .max, using: &random)
            }
            if !agree(bytes) { Issue.record("seed \(seed): disagrees on \(bytes)") }
        }
    }
}
