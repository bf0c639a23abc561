// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct URLTests {
    @Test(arguments: [
        ("PROJ-1", "https://t.example/browse/PROJ-1"), ("a b", "https://t.example/browse/a%20b"),
        ("x?y#z", "https://t.example/browse/x%3Fy%23z"), ("é", "https://t.example/browse/%C3%A9"),
        ("owner/repo", "https://t.example/browse/owner/repo"), ("\"<>", "https://t.example/browse/%22%3C%3E"),
    ])
    func aKeyCannotLeaveItsPlace(_ key: String, _ url: String) throws {
        let template = try URLTemplate("{baseUrl}/browse/{key}", requiresKey: true)
        #expect(template.expand(baseURL: "https://t.example", key: key) == url)
    }

    @Test(arguments: [
        "", "/browse/{key}", "javascript:{key}", "{baseUrl}/x", "{baseUrl}/{key}/{key}", "{baseUrl}/{other}",
        "{baseUrl}/ {key}", "{baseUrl}\\{key}",
    ])
    func aHarmfulTemplateIsRefused(_ text: String) {
        #expect(throws: TemplateFault.self) { try URLTemplate(text, requiresKey: true) }
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "https:///x",
        "https://:80/",
        "https://u:p@host/", "https://u@host/", "https://a b/", "https://a\u{7}b/", "ftp://host/", "//host/x",
        "host/x",
        "https://host\\@evil/", "",
    ])
    func anUnsafeURLIsRefused(_ text: String) {
        #expect(throws: TemplateFault.self) { try WebURL(text) }
    }

    @Test(arguments: [
        (" <https://host/x> ", "https://host/x"), ("HTTPS://Host/X", "HTTPS://Host/X"),
        ("http://host:8080/a?b#c", "http://host:8080/a?b#c"),
    ])
    func aPastedURLIsTrimmed(_ pasted: String, _ kept: String) throws {
        #expect(try WebURL(pasted).text == kept)
    }
}
