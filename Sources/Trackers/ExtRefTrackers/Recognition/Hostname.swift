// SPDX-License-Identifier: Apache-2.0

/// Host names in one form: lower-case ASCII, without the root's dot; other letters in Punycode (RFC 3492).
enum Hostname {
    private static let nameBytesMax = 253
    private static let labelBytesMax = 63

    /// The form in which two spellings of a name are equal; nil when it is no name.
    static func canonical(_ text: Substring) -> String? {
        var name = text.lowercased()[...]
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(whereSeparator: isDot)
        guard !labels.isEmpty, labels.count == name.count(where: isDot) + 1 else { return nil }
        var ascii = [String]()
        for label in labels {
            guard let label = canonicalLabel(label) else { return nil }
            ascii.append(label)
        }
        let joined = ascii.joined(separator: ".")
        return joined.utf8.count <= nameBytesMax ? joined : nil
    }

    /// The full stop and its ideographic, full-width and half-width forms (UTS 46).
    private static func isDot(_ character: Character) -> Bool {
        character == "." || character == "\u{3002}" || character == "\u{FF0E}" || character == "\u{FF61}"
    }

    private static func canonicalLabel(_ label: Substring) -> String? {
        let isASCII = label.utf8.allSatisfy { $0 < 0x80 }
        guard label.unicodeScalars.allSatisfy(isAllowed) else { return nil }
        let ascii = isASCII ? String(label) : Punycode.encode(label).map { "xn--" + $0 }
        guard let ascii, ascii.utf8.count <= labelBytesMax else { return nil }
        return ascii
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", "_": true
        default: scalar.value >= 0x80 && (scalar.properties.isAlphabetic || isMarkOrDigit(scalar))
        }
    }

    private static func isMarkOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber: true
        default: false
        }
    }
}

/// The encoder of RFC 3492, with its parameters for host names.
enum Punycode {
    private static let base = 36
    private static let thresholdMin = 1
    private static let thresholdMax = 26

    /// Encodes a label without its `xn--`; nil on overflow, which no label of a real name comes near.
    static func encode(_ label: Substring) -> String? {
        let scalars = label.unicodeScalars.map { Int($0.value) }
        guard scalars.count <= 63 else { return nil }
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basicCount = output.count
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var next = 128
        var delta = 0
        var bias = 72
        var handled = basicCount
        while handled < scalars.count {
            guard let smallest = scalars.filter({ $0 >= next }).min() else { return nil }
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for scalar in scalars {
                if scalar < next { delta += 1 }
                guard scalar == next else { continue }
                append(delta, bias: bias, to: &output)
                bias = adapted(delta, points: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
        var rest = delta
        var position = base
        while true {
            let threshold = min(max(position - bias, thresholdMin), thresholdMax)
            if rest < threshold { break }
            output.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        output.append(digit(rest))
    }

    private static func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var steps = 0
        while delta > (base - thresholdMin) * thresholdMax / 2 {
            delta /= base - thresholdMin
            steps += base
        }
        return steps + (base - thresholdMin + 1) * delta / (delta + 38)
    }

    private static func digit(_ value: Int) -> UInt8 {
        value < 26 ? UInt8(ascii: "a") + UInt8(value) : UInt8(ascii: "0") + UInt8(value - 26)
    }
}
