// SPDX-License-Identifier: Apache-2.0

/// What a stream of server-sent events is written of.
/// Source: WHATWG HTML, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream".
enum EventText {
    /// Tells how long to wait before coming again, in milliseconds.
    static func retry(_ milliseconds: Int) -> String { "retry: \(milliseconds)\n\n" }

    /// One event. It counts for its reader once the empty line behind it has arrived.
    static func event(_ event: ChangeFeedEvent) -> String {
        field("id", event.id) + field("event", event.kind) + field("data", event.data) + "\n"
    }

    /// A sign of life that no event comes of.
    /// - Parameter id: what a reader who comes again is to send; nil = what it had. An `id` without `data`
    ///   is remembered and told to nobody.
    static func heartbeat(id: String?) -> String { ":\n" + (id.map { field("id", $0) } ?? "") + "\n" }

    /// A line for people who look at the stream itself.
    static func comment(_ text: String) -> String { field("", text) + "\n" }

    /// A field's lines: one for each line of its value, so that no value can end its field early.
    private static func field(_ name: String, _ value: String) -> String {
        value.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
            .map { "\(name): \($0)\n" }.joined()
    }
}
