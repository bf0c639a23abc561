// SPDX-License-Identifier: Apache-2.0

import Testing

/// The protocol's rules, one script each, under every cut of their bytes.
@Suite struct ScriptTests {
    /// Inputs longer than this are cut at their ends only; the middle of a long body has no structure.
    private static let cutsMax = 300

    @Test func thereIsAScriptForEachRule() {
        #expect(Script.all.count >= 60)
        #expect(Set(Script.all.map(\.rule)).count == Script.all.count)
        for script in Script.all { #expect(!script.lines.isEmpty, "\(script.rule)") }
    }

    @Test(arguments: Script.all)
    func holdsWhenEachInputComesWhole(_ script: Script) throws {
        try play(script, "whole") { _, bytes in [bytes[...]] }
    }

    @Test(arguments: Script.all)
    func holdsByteByByte(_ script: Script) throws {
        try play(script, "byte by byte") { _, bytes in bytes.indices.map { bytes[$0...$0] } }
    }

    @Test(arguments: Script.all)
    func holdsWhenAnInputIsCutInTwo(_ script: Script) throws {
        for (input, bytes) in script.inputs.enumerated() {
            for place in Self.places(bytes.count) {
                let isGood = try play(script, "input \(input) cut at \(place)") { index, bytes in
                    index == input ? [bytes[..<place], bytes[place...]] : [bytes[...]]
                }
                guard isGood else { return }
            }
        }
    }

    private static func places(_ count: Int) -> [Int] {
        guard count > cutsMax else { return Array(0...count) }
        return Array(0...cutsMax / 2) + Array(count - cutsMax / 2...count)
    }

    @discardableResult
    private func play(
        _ script: Script, _ way: String, cut: (Int, [UInt8]) -> [ArraySlice<UInt8>]
    ) throws -> Bool {
        var player = try ScriptPlayer(script.settings)
        let fault = try player.play(script, cut: cut)
        #expect(fault == nil, "\(script.rule), \(way)")
        return fault == nil
    }
}

extension Script {
    fileprivate var inputs: [[UInt8]] {
        lines.compactMap { line in
            if case .receive(let bytes) = line { bytes } else { nil }
        }
    }
}
