// SPDX-License-Identifier: Apache-2.0

import Crypto
import CurlHTTP
import ExtRefDomain
import ExtRefTrackers
import Foundation
import Testing

@testable import ExtRefSecurity

/// A notification, and how it is told from a forged one.
private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var headers: [(String, String)]
    var body: String = Sample.body
    var pathSecret = ""
    var secrets = [Sample.secret]
    var refusal: WebhookVerifier.Refusal?

    var testDescription: String { name }

    init(
        _ name: String, _ refusal: WebhookVerifier.Refusal?, _ headers: [(String, String)],
        edit: (inout Case) -> Void = { _ in }
    ) {
        self.name = name
        self.refusal = refusal
        self.headers = headers
        edit(&self)
    }

    func outcome(_ schemes: [WebhookScheme]) -> WebhookVerifier.Refusal? {
        let verifier = WebhookVerifier(secrets: secrets.map { Secret($0) }, now: Sample.now)
        let delivery = WebhookDelivery(
            headers: headers.map { HTTPField($0.0, $0.1) }, body: Array(body.utf8))
        do {
            try verifier.verify(delivery, pathSecret: pathSecret, by: schemes)
            return nil
        } catch {
            return error
        }
    }
}

private enum Sample {
    static let secret =
        "whsec_" + Data("a key of thirty-two bytes, at all".utf8.prefix(32)).base64EncodedString()
    static let other = "whsec_" + Data("another key of the same length..".utf8).base64EncodedString()
    static let body = #"{"action":"edited","issue":{"number":1}}"#
    static let now = Timestamp(seconds: 1_795_000_000)

    static func code(_ body: String = body, _ secret: String = secret) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8))))
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// What Standard Webhooks signs.
    static func standard(
        id: String = "msg_1", at seconds: Int64 = now.seconds, body: String = body, secret: String = secret
    ) -> String {
        let key = Data(base64Encoded: String(secret.dropFirst(6))) ?? Data()
        return base64(
            Array(
                HMAC<SHA256>.authenticationCode(
                    for: Array("\(id).\(seconds).\(body)".utf8), using: SymmetricKey(data: key))))
    }

    static func envelope(
        _ signature: String = "v1," + standard(), id: String = "msg_1", time: String = "\(now.seconds)"
    ) -> [(String, String)] {
        [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)]
    }

    static func basic(_ pair: String) -> [(String, String)] {
        [("authorization", "Basic " + base64(Array(pair.utf8)))]
    }
}

@Suite struct WebhookVerifierTests {
    private static let github = [WebhookScheme.hmacSHA256(header: "x-hub-signature-256", prefix: "sha256=")]
    private static let linear = [WebhookScheme.hmacSHA256(header: "linear-signature", prefix: "")]
    private static let gitlab = [WebhookScheme.standardWebhooks, .sharedSecret(header: "x-gitlab-token")]

    /// Codes in hexadecimal behind `prefix` in `header`.
    private static func codes(_ header: String, _ prefix: String) -> [Case] {
        let good = Sample.hex(Sample.code())
        func value(_ text: String) -> [(String, String)] { [(header, text)] }
        return [
            Case("good", nil, value(prefix + good)),
            Case("good among other fields", nil, [("accept", "*/*")] + value(prefix + good)),
            Case("good with the secret before", nil, value(prefix + good)) {
                $0.secrets = [Sample.other, Sample.secret]
            },
            Case("no field", .unsigned, [("accept", "*/*")]),
            Case("another field", .unsigned, [("x-signature", prefix + good)]),
            Case("empty", .malformed, value("")),
            Case("prefix only", .malformed, value(prefix)),
            Case("wrong prefix", .malformed, value("sha1=" + good)),
            Case("prefix in upper case", .malformed, value("SHA256=" + good)),
            Case("truncated", .malformed, value(prefix + good.dropLast(2))),
            Case("half a byte less", .malformed, value(prefix + good.dropLast())),
            Case("longer", .malformed, value(prefix + good + "00")),
            Case("upper case", .malformed, value(prefix + good.uppercased())),
            Case("base64", .malformed, value(prefix + Sample.base64(Sample.code()))),
            Case("space in front", .malformed, value(" " + prefix + good)),
            Case("space behind", .malformed, value(prefix + good + " ")),
            Case("NUL behind", .malformed, value(prefix + good + "\0")),
            Case("NUL within", .malformed, value(prefix + "\0" + good.dropFirst())),
            Case("full-width digits", .malformed, value(prefix + good.dropLast() + "\u{FF11}")),
            Case("letters that are no digits", .malformed, value(prefix + "zz" + good.dropFirst(2))),
            Case("twice the same", .malformed, value(prefix + good) + value(prefix + good)),
            Case("a good one behind a bad one", .malformed, value(prefix + "00") + value(prefix + good)),
            Case("of another body", .wrong, value(prefix + Sample.hex(Sample.code("{}")))),
            Case("of no body", .wrong, value(prefix + Sample.hex(Sample.code("")))),
            Case(
                "with another secret", .wrong,
                value(prefix + Sample.hex(Sample.code(Sample.body, Sample.other)))),
            Case("with an empty secret", .wrong, value(prefix + Sample.hex(Sample.code(Sample.body, "")))),
            Case("one bit flipped", .wrong, value(prefix + Self.flipped(good))),
            Case("all zero", .wrong, value(prefix + String(repeating: "0", count: 64))),
            Case("body with a space more", .wrong, value(prefix + good)) { $0.body += " " },
            Case("body with a NUL more", .wrong, value(prefix + good)) { $0.body += "\0" },
            Case("no secret is set", .noSecret, value(prefix + good)) { $0.secrets = [] },
            Case("the secret is empty", .noSecret, value(prefix + Sample.hex(Sample.code(Sample.body, "")))) {
                $0.secrets = [""]
            },
            Case(
                "the secret can be guessed", .noSecret,
                value(prefix + Sample.hex(Sample.code(Sample.body, "abc")))
            ) {
                $0.secrets = ["abc"]
            },
        ]
    }

    private static func flipped(_ hex: String) -> String {
        let last = hex.last.flatMap { Int(String($0), radix: 16) } ?? 0
        return hex.dropLast() + String(last ^ 1, radix: 16)
    }

    @Test(arguments: codes("x-hub-signature-256", "sha256="))
    private func `codes behind a prefix`(_ row: Case) {
        #expect(row.outcome(Self.github) == row.refusal)
    }

    @Test(arguments: codes("linear-signature", ""))
    private func `bare codes`(_ row: Case) {
        // Without a prefix a wrong one is only more text that is no code.
        #expect(row.outcome(Self.linear) == row.refusal)
    }

    @Test(arguments: [
        Case("good", nil, Sample.envelope()),
        Case("good among others", nil, Sample.envelope("v1,AAAA v2,x v1," + Sample.standard() + " v1a,y")),
        Case(
            "as early as allowed", nil,
            Sample.envelope(
                "v1," + Sample.standard(at: Sample.now.seconds - 300), time: "\(Sample.now.seconds - 300)")),
        Case(
            "as late as allowed", nil,
            Sample.envelope(
                "v1," + Sample.standard(at: Sample.now.seconds + 300), time: "\(Sample.now.seconds + 300)")),
        Case("with the secret before", nil, Sample.envelope()) {
            $0.secrets = [Sample.other, Sample.secret]
        },
        Case(
            "a second too early", .stale,
            Sample.envelope(
                "v1," + Sample.standard(at: Sample.now.seconds - 301), time: "\(Sample.now.seconds - 301)")),
        Case(
            "a second too late", .stale,
            Sample.envelope(
                "v1," + Sample.standard(at: Sample.now.seconds + 301), time: "\(Sample.now.seconds + 301)")),
        Case("no signature", .unsigned, Array(Sample.envelope().dropLast())),
        Case("no id", .malformed, Array(Sample.envelope().dropFirst())),
        Case("no time", .malformed, [Sample.envelope()[0], Sample.envelope()[2]]),
        Case("empty signature", .malformed, Sample.envelope("")),
        Case("no version", .malformed, Sample.envelope(Sample.standard())),
        Case("other version", .malformed, Sample.envelope("v2," + Sample.standard())),
        Case("version in upper case", .malformed, Sample.envelope("V1," + Sample.standard())),
        Case("hexadecimal", .malformed, Sample.envelope("v1," + Sample.hex(Sample.code()))),
        Case("no padding", .malformed, Sample.envelope("v1," + Sample.standard().dropLast())),
        Case("truncated", .malformed, Sample.envelope("v1," + Sample.standard().dropLast(4))),
        Case("longer", .malformed, Sample.envelope("v1," + Sample.standard() + "AAAA")),
        Case("NUL behind", .malformed, Sample.envelope("v1," + Sample.standard() + "\0")),
        Case(
            "too many", .malformed,
            Sample.envelope(
                String(repeating: "v1,AAAA ", count: 8) + "v1," + Sample.standard())),
        Case("id twice", .malformed, Sample.envelope() + [("webhook-id", "msg_1")]),
        Case("time twice", .malformed, Sample.envelope() + [("webhook-timestamp", "\(Sample.now.seconds)")]),
        Case(
            "signature twice", .malformed,
            Sample.envelope() + [("webhook-signature", "v1," + Sample.standard())]),
        Case(
            "id with a dot", .malformed,
            Sample.envelope(
                "v1," + Sample.standard(id: "msg.1"), id: "msg.1")),
        Case("empty id", .malformed, Sample.envelope("v1," + Sample.standard(id: ""), id: "")),
        Case("time with a plus", .malformed, Sample.envelope(time: "+\(Sample.now.seconds)")),
        Case("time with a zero", .malformed, Sample.envelope(time: "0\(Sample.now.seconds)")),
        Case("time with a fraction", .malformed, Sample.envelope(time: "\(Sample.now.seconds).0")),
        Case("time beyond all", .malformed, Sample.envelope(time: "99999999999999999999")),
        Case("time of old", .malformed, Sample.envelope(time: "-1")),
        Case("another id", .wrong, Sample.envelope(id: "msg_2")),
        Case("another time", .wrong, Sample.envelope(time: "\(Sample.now.seconds + 1)")),
        Case("another body", .wrong, Sample.envelope()) { $0.body = "{}" },
        Case("another secret", .wrong, Sample.envelope("v1," + Sample.standard(secret: Sample.other))),
        Case(
            "the secret's text as key", .wrong,
            Sample.envelope(
                "v1," + Sample.base64(Sample.code("msg_1.\(Sample.now.seconds).\(Sample.body)")))),
        Case("a secret without its prefix", .wrong, Sample.envelope()) {
            $0.secrets = [String(Sample.secret.dropFirst(6))]
        },
        Case(
            "a forged signature beside a good token", .wrong,
            Sample.envelope(
                "v1," + Sample.standard(secret: Sample.other)) + [("x-gitlab-token", Sample.secret)]),
    ])
    private func `Standard Webhooks`(_ row: Case) {
        #expect(row.outcome(Self.gitlab) == row.refusal)
    }

    /// Everything that is not the secret, byte for byte.
    private static let notTheSecret: [(name: String, text: String)] = [
        ("another secret", Sample.other), ("truncated", String(Sample.secret.dropLast())),
        ("longer", Sample.secret + "A"), ("upper case", Sample.secret.uppercased()),
        ("without its prefix", String(Sample.secret.dropFirst(6))), ("space behind", Sample.secret + " "),
        ("space in front", " " + Sample.secret), ("NUL behind", Sample.secret + "\0"),
        ("line end behind", Sample.secret + "\n"), ("in base64", Sample.base64(Array(Sample.secret.utf8))),
        ("its code", Sample.hex(Sample.code())), ("quoted", "\"\(Sample.secret)\""),
        ("twice in one", Sample.secret + ", " + Sample.secret),
        ("a digit like one", Sample.secret + "\u{FF11}"),
    ]

    @Test(
        arguments: [
            Case("good", nil, [("x-gitlab-token", Sample.secret)]),
            Case("no field", .unsigned, []),
            Case("empty", .wrong, [("x-gitlab-token", "")]),
            Case(
                "twice", .malformed, [("x-gitlab-token", Sample.secret), ("x-gitlab-token", Sample.secret)]),
            Case("empty like the secret", .noSecret, [("x-gitlab-token", "")]) { $0.secrets = [""] },
        ] + notTheSecret.map { Case($0.name, .wrong, [("x-gitlab-token", $0.text)]) })
    private func `the secret in a field`(_ row: Case) {
        #expect(row.outcome(Self.gitlab) == row.refusal)
    }

    @Test(
        arguments: [
            Case("good", nil, []) { $0.pathSecret = Sample.secret },
            Case("none", .unsigned, []),
            Case("no secret is set", .noSecret, []) {
                $0.pathSecret = Sample.secret
                $0.secrets = []
            },
        ] + notTheSecret.map { name, text in Case(name, .wrong, []) { $0.pathSecret = text } })
    private func `the secret in the path`(_ row: Case) {
        #expect(
            row.outcome([.hmacSHA256(header: "x-hub-signature", prefix: "sha256="), .pathSecret])
                == row.refusal)
    }

    @Test func `a forged code is not saved by a good path`() {
        let row = Case("", .malformed, [("x-hub-signature", "sha256=00")]) { $0.pathSecret = Sample.secret }
        let schemes: [WebhookScheme] = [
            .hmacSHA256(header: "x-hub-signature", prefix: "sha256="), .pathSecret,
        ]
        #expect(row.outcome(schemes) == row.refusal)
    }

    @Test(
        arguments: [
            Case("good", nil, Sample.basic("extref:" + Sample.secret)),
            Case("any user", nil, Sample.basic(":" + Sample.secret)),
            Case(
                "scheme in another case", nil,
                [
                    ("authorization", "bAsIc " + Sample.base64(Array("u:\(Sample.secret)".utf8)))
                ]),
            Case("no field", .unsigned, []),
            Case("empty", .malformed, [("authorization", "")]),
            Case("scheme only", .malformed, [("authorization", "Basic ")]),
            Case("bearer", .malformed, [("authorization", "Bearer " + Sample.secret)]),
            Case("not encoded", .malformed, [("authorization", "Basic extref:" + Sample.secret)]),
            Case("no colon", .malformed, Sample.basic(Sample.secret)),
            Case(
                "hexadecimal", .malformed,
                [
                    ("authorization", "Basic " + Sample.hex(Array("u:\(Sample.secret)".utf8)) + "!")
                ]),
            Case(
                "two spaces", .malformed,
                [
                    ("authorization", "Basic  " + Sample.base64(Array("u:\(Sample.secret)".utf8)))
                ]),
            Case(
                "NUL behind", .malformed,
                [
                    ("authorization", "Basic " + Sample.base64(Array("u:\(Sample.secret)".utf8)) + "\0")
                ]),
            Case(
                "twice", .malformed, Sample.basic("u:" + Sample.secret) + Sample.basic("u:" + Sample.secret)),
            Case("secret as user", .wrong, Sample.basic(Sample.secret + ":")),
            Case("a colon more", .wrong, Sample.basic("u::" + Sample.secret)),
        ] + notTheSecret.map { Case($0.name, .wrong, Sample.basic("u:" + $0.text)) })
    private func `the secret as a password`(_ row: Case) {
        #expect(row.outcome([.basic]) == row.refusal)
    }

    @Test func `a tracker without any scheme sends nothing that counts`() {
        #expect(Case("", nil, []).outcome([]) == .unsigned)
    }

    @Test(arguments: [
        WebhookScheme.hmacSHA256(header: "x-hub-signature", prefix: "sha256="), .standardWebhooks,
        .sharedSecret(header: "x-gitlab-token"), .basic, .pathSecret,
    ])
    func `what this server signs it accepts, and nobody else does`(_ scheme: WebhookScheme) throws {
        for number in 0..<64 {
            let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
            let secret = WebhookKeyText.standard(bytes)
            let signed = try #require(
                WebhookSigner.sign(
                    Array(Sample.body.utf8), id: "whk_1", by: scheme, with: secret, at: Sample.now))
            try WebhookVerifier(secrets: [secret], now: Sample.now).verify(
                signed.delivery, pathSecret: signed.pathSecret, by: [scheme])
            #expect(throws: WebhookVerifier.Refusal.wrong) {
                try WebhookVerifier(secrets: [Secret(Sample.other)], now: Sample.now).verify(
                    signed.delivery, pathSecret: signed.pathSecret, by: [scheme])
            }
        }
    }

    // Published samples: GitHub, "Validating webhook deliveries"; Standard Webhooks 1.0.0 and Svix' manual.

    @Test func `GitHub's published sample is accepted`() {
        let code = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let sample = Case("", nil, [("x-hub-signature-256", code)]) {
            $0.body = "Hello, World!"
            $0.secrets = ["It's a Secret to Everybody"]
        }
        #expect(sample.outcome(Self.github) == nil)
    }

    @Test(arguments: [
        (
            "whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", Int64(1_731_705_121),
            #"{"event_type":"ping","data":{"success":true}}"#, "rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
        ),
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
            #"{"test": 2432232314}"#, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        ),
    ])
    func `published samples of Standard Webhooks are accepted in their time`(
        _ secret: String, _ id: String, _ seconds: Int64, _ body: String, _ code: String
    ) throws {
        let delivery = WebhookDelivery(
            headers: Sample.envelope("v1," + code, id: id, time: "\(seconds)").map { HTTPField($0.0, $0.1) },
            body: Array(body.utf8))
        func verifier(_ time: Int64) -> WebhookVerifier {
            WebhookVerifier(secrets: [Secret(secret)], now: Timestamp(seconds: time))
        }
        try verifier(seconds + 12).verify(delivery, by: Self.gitlab)
        #expect(throws: WebhookVerifier.Refusal.stale) {
            try verifier(seconds + 3_600).verify(delivery, by: Self.gitlab)
        }
    }

    @Test func `random bytes are never accepted and never harm`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = Bytes(state: seed)
        for _ in 0..<2_000 {
            let text = String(
                decoding: (0..<Int.random(in: 0...120, using: &random)).map { _ in
                    UInt8.random(in: .min ... .max, using: &random)
                }, as: UTF8.self)
            for (scheme, header) in [
                (WebhookScheme.hmacSHA256(header: "h", prefix: "sha256="), "h"),
                (.sharedSecret(header: "h"), "h"),
                (.basic, "authorization"),
            ] {
                #expect(Case("", nil, [(header, text)]).outcome([scheme]) != nil, "seed \(seed)")
            }
            #expect(Case("", nil, Sample.envelope(text)).outcome([.standardWebhooks]) != nil, "seed \(seed)")
        }
    }
}

/// SplitMix64.
private struct Bytes: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
