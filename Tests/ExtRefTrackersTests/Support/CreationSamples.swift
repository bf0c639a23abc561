// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers

extension Samples {
    /// 22 November 2026, 10:00:00 UTC.
    static let startedAt = Timestamp(seconds: 1_795_341_600)
    static let marker = CreationMarker(
        text: "extref-01jd0000000000000000000000", uuid: "0190d000-0000-4000-8000-000000000000")

    /// A draft whose description ends with ``marker``.
    static func newIssue(_ project: String, type: String = "", _ fields: [String: String]) -> NewIssue {
        NewIssue(project: project, type: type, fields: fields, marker: marker, startedAt: startedAt)
    }

    static let backLink = BackLink(
        linkID: "lnk_01JD0000000000000000000000", url: "https://tests.example.com/case/TC-1?a=b",
        title: "Test case TC-1", relationship: "Tested by")

    /// A source with a default project; its credential's every secret holds the word `SECRET`.
    static func secretive(
        _ provider: ProviderID, _ baseURL: String, method: AuthenticationMethodID, project: String = "",
        settings: [String: String] = [:], secrets: [String: String]
    ) -> TrackerSource {
        var source = source(provider.rawValue, provider, baseURL)
        source.authenticationMethod = method
        source.authenticationSettings = settings
        source.defaultExternalProject = project
        return TrackerSource(source, credential: TrackerCredential(secrets))
    }

    /// A recogniser that knows one provider.
    static func recogniser(of tracker: any Tracker, _ sources: [IntegrationSource]) -> URLRecogniser {
        URLRecogniser(sources, registry: TrackerRegistry([tracker]), patterns: patterns)
    }

    /// A runner that knows one provider.
    static func runner(of tracker: any Tracker, _ transport: any HTTPTransport) -> TrackerRunner {
        TrackerRunner(registry: TrackerRegistry([tracker]), transport: transport, clock: ManualClock())
    }
}
