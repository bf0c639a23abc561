// SPDX-License-Identifier: Apache-2.0

/// Words that the vendor publishes as all there are.
protocol ClosedVocabulary: Sendable {
    /// In lower case; the case of an answer does not matter.
    static var words: Set<String> { get }
}

/// A word of a closed vocabulary. One outside of it is read all the same, and noted as drift: what it means
/// is for the adapter to say, and is `unknown` where it says nothing.
struct Word<Vocabulary: ClosedVocabulary>: Decodable, Sendable {
    /// As the tracker wrote it.
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        guard !Vocabulary.words.contains(text.lowercased()), let notes = decoder.driftNotes else { return }
        notes.note(DriftSign(.unknownValue, DriftNotes.name(decoder.codingPath) + ": " + text))
    }
}
