// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct DriftHeadersTests {
    private static let endOf2027 = Timestamp(seconds: 1_830_297_599)

    private func signs(_ headers: [String: String], status: Int = 200) -> [DriftSign] {
        let fields = headers.map { HTTPField($0.key, $0.value) }
        return DriftHeaders.signs(of: TrackerResponse(status: status, headers: fields))
    }

    @Test(
        arguments: [
            ("Fri, 31 Dec 2027 23:59:59 GMT", endOf2027), ("2027-12-31T23:59:59Z", endOf2027),
            (" Fri, 31 Dec 2027 23:59:59 GMT ", endOf2027), ("next summer", nil), ("@", nil),
            ("Fri, 31 Foo 2027 23:59:59 GMT", nil), ("\u{1B}[2J", nil),
        ] as [(String, Timestamp?)])
    func `an end is announced, by a date if that can be read`(value: String, date: Timestamp?) {
        #expect(signs(["sunset": value]) == [DriftSign(.sunset, effectiveAt: date)])
    }

    @Test(
        arguments: [
            ("@1688169599", Timestamp(seconds: 1_688_169_599)), ("@0", Timestamp(seconds: 0)),
            ("@1688169599;reason=\"x\"", Timestamp(seconds: 1_688_169_599)), ("true", nil), ("?1", nil),
            ("Fri, 31 Dec 2027 23:59:59 GMT", endOf2027), ("@-1", nil), ("@253402300800", nil),
            ("@99999999999999999999999", nil), ("@soon", nil), ("version=\"v1\"", nil),
        ] as [(String, Timestamp?)])
    func `a deprecation is read in the standard's form and those of its drafts`(
        value: String, date: Timestamp?
    ) {
        #expect(signs(["deprecation": value]) == [DriftSign(.deprecated, effectiveAt: date)])
    }

    @Test(arguments: ["", " ", "false", "False", "?0"])
    func `what denies it announces nothing`(value: String) {
        #expect(signs(["deprecation": value]) == [])
    }

    @Test(arguments: [200, 304, 404, 410, 429, 500])
    func `the status does not matter, and both may come together`(status: Int) {
        let signs = signs(["deprecation": "true", "sunset": "x", "retry-after": "1"], status: status)
        #expect(Set(signs.map(\.kind)) == [.sunset, .deprecated])
    }

    @Test(arguments: DriftSign.Kind.allCases)
    func `every sign tells an admin what to do, and when`(kind: DriftSign.Kind) {
        let advice = DriftSign(kind, "state: frozen", effectiveAt: Self.endOf2027).advice
        #expect(advice.contains("Update this server") || advice.contains("update"))
        #expect(advice.contains("2027-12-31") == [.sunset, .deprecated].contains(kind))
        #expect(advice.contains("state: frozen") == [.unknownValue, .missingField].contains(kind))
    }

    @Test func `a subject is cleaned and bounded`() {
        let sign = DriftSign(
            .unknownValue, "state: \u{1B}[31mred\u{202E}\n" + String(repeating: "x", count: 5_000))
        #expect(sign.subject.hasPrefix("state: red x"))
        #expect(sign.subject.unicodeScalars.count == TrackerLimits.driftSubjectScalarsMax)
    }
}
