// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct RetiredTrackersTests {
    private static func explanation(_ pasted: String, _ sources: IntegrationSource...) -> String? {
        let recogniser = URLRecogniser(sources, patterns: Samples.patterns)
        guard case .unknownSource(_, let explanation) = recogniser.recognise(pasted) else { return nil }
        return explanation
    }

    @Test(arguments: [
        "https://bitbucket.org/acme/app/issues/7/slow-login", "https://bitbucket.org/acme/app/issues/7",
        "https://bitbucket.org/acme/app/issues/7/", "bitbucket.org/acme/app/issues/7#comment-1",
        "<http://BITBUCKET.org:80/acme/app/issues/7?iframe=true>",
        "https://bitbucket.org./acme/app/issues/7.",
    ])
    func `an issue of Bitbucket Cloud can only be a plain link, and says so`(pasted: String) {
        #expect(
            Self.explanation(pasted, Samples.redmine())
                == "Bitbucket Cloud switched its issue tracker off on 20 August 2026; the address can only be kept "
                + "as a plain link.")
    }

    @Test(arguments: [
        "https://bitbucket.org/acme/app/pull-requests/7", "https://bitbucket.org/acme/app/issues",
        "https://bitbucket.org/acme/app/issues/new", "https://bitbucket.org/acme/app/issues/07",
        "https://bitbucket.org/acme/issues/7", "https://bitbucket.org/acme/app/src/issues/7",
        "https://bitbucket.org/acme/app/issues/7/title/more", "https://bitbucket.org:8443/acme/app/issues/7",
        "https://bitbucket.org.evil.example/acme/app/issues/7",
        "https://bitbucket.corp.example/acme/app/issues/7",
        "https://example.org/acme/app/issues/7",
    ])
    func `other addresses of no source are not explained`(pasted: String) {
        #expect(Self.explanation(pasted, Samples.redmine())?.isEmpty == true)
    }

    @Test func `an admin's own template for it still counts`() {
        let custom = Samples.source(
            "c", .custom, "https://bitbucket.org/acme/app", template: "{baseUrl}/issues/{key}",
            pattern: "[0-9]+")
        let recogniser = Samples.recogniser(custom)
        #expect(recogniser.recognise("https://bitbucket.org/acme/app/issues/7").summary == "c 7")
        #expect(Self.explanation("https://bitbucket.org/acme/other/issues/7", custom)?.isEmpty == false)
    }
}
