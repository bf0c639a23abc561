// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ExtRefGateway

@Suite struct QueryTextTests {
    @Test(
        arguments: [
            ("", []), ("&&", []), ("a=1", [("a", "1")]), ("a", [("a", "")]), ("a=", [("a", "")]),
            ("=1", [("", "1")]), ("a=b=c", [("a", "b=c")]),
            ("a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]), ("p+q=r+s%2B", [("p q", "r s+")]),
            ("%C3%BC=%c3%bc", [("ü", "ü")]), ("a=%", [("a", nil)]), ("a=%zz", [("a", nil)]),
            ("a=%FF", [("a", nil)]), ("%2=1", [("%2", nil)]),
        ] as [(String, [(String, String?)])])
    func `a query is a list of names and values`(_ query: String, _ parameters: [(String, String?)]) {
        #expect(
            QueryText.parameters(query) == parameters.map { QueryParameter(name: $0.0, value: $0.1) })
    }
}
