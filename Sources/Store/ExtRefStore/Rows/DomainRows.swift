// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import SQLEngine

extension SQLRow {
    /// An id that the store wrote itself.
    mutating func id<Kind>() -> Identifier<Kind> { Identifier(trusted: text()) }

    /// An id that the store wrote itself, or nil.
    mutating func optionalID<Kind>() -> Identifier<Kind>? { optionalText().map { Identifier(trusted: $0) } }

    /// An id of the host.
    mutating func hostID<ID: HostIdentifier>() -> ID { ID(trusted: text()) }

    mutating func time() -> Timestamp { Timestamp(milliseconds: integer()) }

    mutating func optionalTime() -> Timestamp? { optionalInteger().map(Timestamp.init(milliseconds:)) }

    /// A word of a closed list. An unknown one means that the file is damaged or was edited.
    mutating func word<Word: RawRepresentable<String>>() throws(SQLError) -> Word {
        let text = text()
        guard let word = Word(rawValue: text) else {
            throw SQLError(.damaged, "'\(text)' is no \(Word.self)")
        }
        return word
    }

    /// A column of texts.
    mutating func texts() throws(SQLError) -> [String] { try TextList.decode(text()) }

    /// A column of pairs of texts.
    mutating func pairs() throws(SQLError) -> [(String, String)] {
        let texts = try texts()
        guard texts.count.isMultiple(of: 2) else {
            throw SQLError(.damaged, "a list of pairs has an odd length")
        }
        return stride(from: 0, to: texts.count, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }

    /// Test objects, as ``SQLValue/objects(_:)`` wrote them.
    mutating func objects() throws(SQLError) -> [TestObject] {
        try pairs().map { TestObject(kind: ObjectKind(trusted: $0.0), id: $0.1) }
    }

    /// Field changes, as ``SQLValue/fields(_:)`` wrote them.
    mutating func fields() throws(SQLError) -> [FieldChange] {
        let texts = try texts()
        guard texts.count.isMultiple(of: 3) else {
            throw SQLError(.damaged, "a list of fields has a bad length")
        }
        return stride(from: 0, to: texts.count, by: 3).map {
            FieldChange(texts[$0], before: texts[$0 + 1], after: texts[$0 + 2])
        }
    }
}

extension SQLValue {
    static func id<Kind>(_ id: Identifier<Kind>) -> SQLValue { .text(id.rawValue) }
    static func id<Kind>(_ id: Identifier<Kind>?) -> SQLValue { SQLValue(id?.rawValue) }
    static func host(_ id: some HostIdentifier) -> SQLValue { .text(id.rawValue) }
    static func host<ID: HostIdentifier>(_ id: ID?) -> SQLValue { SQLValue(id?.rawValue) }
    static func time(_ time: Timestamp) -> SQLValue { .integer(time.milliseconds) }
    static func time(_ time: Timestamp?) -> SQLValue { SQLValue(time?.milliseconds) }
    static func word(_ word: some RawRepresentable<String>) -> SQLValue { .text(word.rawValue) }
    static func words(_ words: some Sequence<some RawRepresentable<String>>) -> SQLValue {
        texts(words.map(\.rawValue).sorted())
    }
    static func texts(_ texts: some Sequence<String>) -> SQLValue { .text(TextList.encode(texts)) }

    /// Test objects as a flat list of kind and id in turn.
    static func objects(_ objects: [TestObject]) -> SQLValue {
        texts(objects.flatMap { [$0.kind.rawValue, $0.id] })
    }

    /// Field changes as a flat list of field, before and after in turn.
    static func fields(_ fields: [FieldChange]) -> SQLValue {
        texts(fields.flatMap { [$0.field, $0.before, $0.after] })
    }

    /// The owning project, or an empty text for the tenant.
    static func owner(_ owner: Owner) -> SQLValue { .text(owner.projectID?.rawValue ?? "") }
}

extension Owner {
    /// Reads what ``SQLValue/owner(_:)`` wrote.
    init(stored text: String) {
        self = text.isEmpty ? .tenant : .project(ProjectID(trusted: text))
    }
}
