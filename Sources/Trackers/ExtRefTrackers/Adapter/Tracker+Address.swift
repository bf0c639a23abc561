// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension Tracker {
    /// Where the API of a source answers, without trailing slashes: the admin's own address, else the one the
    /// provider makes of the base URL.
    public func apiBase(of source: IntegrationSource) -> String {
        (source.apiBaseURL.isEmpty ? apiBaseURL(of: source) : source.apiBaseURL).withoutTrailingSlashes
    }

    /// Where people open an issue: by the admin's own template, else as the provider builds it.
    public func issueURL(of key: String, in source: TrackerSource) -> String {
        issueURL(of: key, in: source.source)
    }

    func issueURL(of key: String, in source: IntegrationSource) -> String {
        let own = source.issueURLTemplate
        if own.isEmpty, let url = issueURL(of: key, baseURL: source.baseURL) { return url }
        let template = try? URLTemplate(own.isEmpty ? description.issueURLTemplate : own, requiresKey: true)
        return template?.expand(baseURL: source.baseURL, key: key) ?? source.baseURL
    }
}
