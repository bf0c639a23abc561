// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct TextTemplateTests {
    static let values = ["id": "TC-1", "title": "Pay {now}", "a-b_9": "x", "empty": ""]

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("{id}", "TC-1"), ("[{id}] {title}", "[TC-1] Pay {now}"),
        ("{id}{id}", "TC-1TC-1"), ("{unknown}", ""), ("a{empty}b", "ab"), ("{a-b_9}", "x"),
        ("{{id}}", "{id}"), ("{{{id}}}", "{TC-1}"), ("}}{{", "}{"), ("{{", "{"), ("a\nb {id}", "a\nb TC-1"),
        ("ä{id}é", "äTC-1é"), ("{ID}", ""),
    ])
    func `placeholders are filled in and doubled braces are braces`(text: String, filled: String) throws {
        #expect(try TextTemplate(text).filled(with: Self.values) == filled)
    }

    @Test(arguments: [
        "{", "}", "{id", "id}", "{id}}", "{{id}", "{}", "{ id}", "{a.b}", "{ä}", "{a{b}c}", "{\n}",
        "{" + String(repeating: "n", count: 65) + "}", String(repeating: "x", count: 8_193),
    ])
    func `a template that means nothing is refused with a sentence`(_ text: String) {
        let fault = #expect(throws: TemplateFault.self) { try TextTemplate(text) }
        #expect((fault?.description.count ?? 0) > 10)
    }

    @Test func `the names are known, and values are encoded where asked`() throws {
        let template = try TextTemplate("{b} {a} {b} {{c}}")
        #expect(template.names == ["a", "b"])
        #expect(template.filled(with: ["a": "x", "b": "y"], encoding: { "<\($0)>" }) == "<y> <x> <y> {c}")
    }

    @Test func `a value is never read as a template`() throws {
        let filled = try TextTemplate("{a}").filled(with: ["a": "{b} {{", "b": "x"])
        #expect(filled == "{b} {{")
    }

    @Test(arguments: [
        String(repeating: "n", count: 64), String(repeating: "x", count: 8_190),
    ])
    func `the longest there may be is taken`(_ text: String) throws {
        let template = text.count == 64 ? "{" + text + "}" : text
        _ = try TextTemplate(template)
    }

    // MARK: Addresses of test objects

    @Test(arguments: [
        ("https://t.example/{project}/{kind}/{id}", "https://t.example/P-1/case/a%2Fb%20%3F%23%22%C3%A9"),
        ("https://t.example/?o={id}", "https://t.example/?o=a%2Fb%20%3F%23%22%C3%A9"),
        ("http://t.example:8080/#{{{id}}}", "http://t.example:8080/#{a%2Fb%20%3F%23%22%C3%A9}"),
    ])
    func `an object's address holds its parts encoded`(text: String, url: String) throws {
        let template = try TestObjectURLTemplate(text)
        let object = TestObject(kind: .testCase, id: "a/b ?#\"é")
        #expect(template.url(of: object, in: ProjectID(trusted: "P-1")) == url)
    }

    @Test(arguments: [
        "", "https://t.example/", "{id}", "/{id}", "javascript:{id}", "ftp://t.example/{id}",
        "https://{id", "https://t.example/{id}/{name}", "https://t.example/{ID}", "https://t.example/ {id}",
        "https://u:p@t.example/{id}", "https:///{id}", "https://t.example/{{id}}", "https://\\{id}",
        "https://t.example/{id}" + String(repeating: "x", count: 2_048),
    ])
    func `an address that is none, or names no object, is refused`(_ text: String) {
        #expect(throws: TemplateFault.self) { try TestObjectURLTemplate(text) }
    }
}
