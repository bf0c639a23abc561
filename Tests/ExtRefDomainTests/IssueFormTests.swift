// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@Suite struct IssueFormTests {
    private static func field(
        _ kind: IssueFormField.Kind, isRequired: Bool = false, choices: [String] = [], value: String = ""
    ) -> IssueFormField {
        IssueFormField(
            name: "f", label: "The field", kind: kind, isRequired: isRequired,
            choices: choices.map { IssueFormChoice(id: $0, label: $0.uppercased()) }, defaultValue: value)
    }

    private func faults(_ field: IssueFormField, _ values: [String: String]) -> [FieldViolation] {
        IssueForm(fields: [field]).violations(of: values)
    }

    static let values: [(IssueFormField.Kind, [String], String, Bool)] = [
        (.text, [], "anything", true), (.multiline, [], "a\nb", true), (.person, [], "bob", true),
        (.choice, ["a", "b"], "a", true), (.choice, ["a", "b"], "c", false),
        (.choice, ["a", "b"], "A", false),
        (.choice, ["a", "b"], "a,b", false), (.choice, [], "free", true),
        (.multiChoice, ["a", "b"], "a", true), (.multiChoice, ["a", "b"], "a,b", true),
        (.multiChoice, ["a", "b"], "a,c", false), (.multiChoice, ["a", "b"], "a, b", false),
        (.multiChoice, [], "x,y", true),
        (.number, [], "7", true), (.number, [], "-1.5e3", true), (.number, [], "+3", true),
        (.number, [], "seven", false), (.number, [], "1,5", false), (.number, [], "0x10", false),
        (.number, [], "nan", false), (.number, [], "inf", false), (.number, [], "1e999", false),
        (.number, [], "-", false), (.number, [], "1 000", false),
        (.boolean, [], "true", true), (.boolean, [], "false", true), (.boolean, [], "yes", false),
        (.boolean, [], "TRUE", false),
        (.date, [], "2026-11-24", true), (.date, [], "2026-1-24", false), (.date, [], "24.11.2026", false),
        (.date, [], "2026-13-01", false), (.date, [], "2026-11-32", false), (.date, [], "2026-00-10", false),
        (.date, [], "2026-11-24T00:00", false), (.date, [], "٢٠٢٦-11-24", false), (.date, [], "today", false),
    ]

    @Test(arguments: values)
    func `each kind takes what it is for`(
        kind: IssueFormField.Kind, choices: [String], value: String, isGood: Bool
    ) {
        let found = faults(Self.field(kind, choices: choices), ["f": value])
        #expect(found.isEmpty == isGood)
        if !isGood { #expect(found.map(\.field) == ["fields[f]"]) }
    }

    @Test(
        arguments: [
            (true, "", [:], false), (true, "", ["f": ""], false), (true, "", ["f": " \n"], false),
            (true, "preset", [:], true), (true, "", ["f": "x"], true), (false, "", [:], true),
            (false, "", ["f": ""], true),
        ] as [(Bool, String, [String: String], Bool)])
    func `what is required must be there, unless the form presets it`(
        isRequired: Bool, preset: String, values: [String: String], isGood: Bool
    ) {
        let found = faults(Self.field(.text, isRequired: isRequired, value: preset), values)
        #expect(found.isEmpty == isGood)
        if !isGood { #expect(found.first?.description == "is required: The field") }
    }

    @Test func `every fault is named at once, unknown fields last and in order`() {
        let form = IssueForm(fields: [
            IssueFormField(name: "title", label: "Title", kind: .text, isRequired: true),
            IssueFormField(name: "n", label: "N", kind: .number),
        ])
        let found = form.violations(of: ["n": "x", "zz": "1", "aa": ""], prefix: "issue")
        #expect(found.map(\.field) == ["issue[title]", "issue[n]", "issue[aa]", "issue[zz]"])
    }

    @Test func `choices are shown, but not hundreds of them`() {
        let few = faults(Self.field(.choice, choices: ["a", "b"]), ["f": "x"])
        #expect(few.first?.description == "must be one of: a (A), b (B)")
        let many = faults(Self.field(.choice, choices: (0..<500).map { "c\($0)" }), ["f": "x"])
        let text = many.first?.description ?? ""
        #expect(text.hasSuffix(", …") && text.contains("c9 (C9)") && !text.contains("c10"))
    }
}
