// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension TrackerRunner {
    /// Passes on what an exchange gave away, and keeps it for a connection test.
    func tell(
        _ notes: DriftNotes, about request: TrackerRequest, of source: TrackerSource,
        _ conversation: Conversation
    ) {
        let signs = notes.signs
        guard !signs.isEmpty else { return }
        for sign in signs { conversation.drift.note(sign) }
        drift.noticed(
            DriftReport(
                source: source.source, isDraft: source.isDraft, place: Self.place(of: request), signs: signs,
                seenAt: wallClock()))
    }

    /// Method and path. An address of the vendor's own is shown without its host.
    private static func place(of request: TrackerRequest) -> String {
        var path = request.path
        if case .address(let address) = request.base, let url = try? PastedURL(address) {
            path = url.segments.map { "/" + PercentCoding.encode($0) }.joined() + path
        }
        return TrackerText.clean(
            "\(request.method.rawValue) \(path)", scalarsMax: TrackerLimits.driftPlaceScalarsMax)
    }
}
