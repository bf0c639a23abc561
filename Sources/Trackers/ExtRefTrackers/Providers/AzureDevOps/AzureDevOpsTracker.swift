// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Azure DevOps Services and Azure DevOps Server from 2022.1 on, through the REST interface of version 7.1.
///
/// A source is one organisation or one project collection: there the numbers of work items are unique, and
/// they survive a move to another project and a change of type, so the number is the key. The tracker hides
/// what an account may not see: "missing" and "forbidden" are one answer. Sources: Microsoft's published
/// description of the interface, version 7.1; Microsoft Learn, "Azure DevOps Services REST API reference".
public struct AzureDevOpsTracker: Tracker {
    /// Ids are 32-bit integers (REST description 7.1, `WorkItemBatchGetRequest.ids`).
    static let idMax = Int(Int32.max)

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    /// No create template: the page for a new work item needs a project and a type, see
    /// ``IssueForm/createURL``.
    private static let provider = ProviderDescription(
        id: .azureDevOps, displayName: "Azure DevOps",
        capabilities: [.fetch, .batchFetch, .search, .create, .backLink, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods,
        baseURLExample: "https://dev.azure.com/your-organisation",
        issueURLTemplate: "{baseUrl}/_workitems/edit/{key}", createURLTemplate: "",
        keyPattern: "[1-9][0-9]{0,9}", keyExample: "#1234")

    /// Reads `12`, `#12` as work items themselves mention each other, and `AB#12` as GitHub does.
    public func canonicalKey(_ typed: String) -> String? {
        var digits = typed[...]
        if digits.prefix(Self.gitHubPrefix.count).uppercased() == Self.gitHubPrefix {
            digits.removeFirst(Self.gitHubPrefix.count)
        } else if digits.hasPrefix("#") {
            digits.removeFirst()
        }
        guard let first = digits.utf8.first, first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let id = Int(digits), id <= Self.idMax
        else { return nil }
        return String(digits)
    }

    public func displayKey(_ key: String) -> String { "#" + key }

    public func confidence(inFreeText word: String) -> Double {
        if word.prefix(Self.gitHubPrefix.count).uppercased() == Self.gitHubPrefix { return 0.85 }
        // "#12" is how Azure DevOps itself writes a work item, and so do many others.
        return word.hasPrefix("#") ? 0.5 : 0
    }

    private static let gitHubPrefix = "AB#"

    /// The number a request names a work item by.
    func key(of reference: IssueReference) throws(TrackerError) -> String {
        guard let key = canonicalKey(reference.nativeID.isEmpty ? reference.key : reference.nativeID) else {
            throw TrackerError(.invalidRequest, "This is no number of an Azure DevOps work item.")
        }
        return key
    }
}
