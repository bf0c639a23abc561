// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Which part of a list is wanted.
public struct PageRequest: Sendable, Hashable {
    /// How many items at most: 1 to ``DomainLimits/pageSizeMax``.
    public let size: Int
    /// ``Page/next`` of the page before; nil for the first page.
    public let after: String?

    /// - Parameter size: a wish; it is cut to what is allowed.
    public init(size: Int = DomainLimits.pageSizeDefault, after: String? = nil) {
        self.size = min(max(size, 1), DomainLimits.pageSizeMax)
        self.after = after
    }

    /// The position to start behind; every id sorts after the empty text.
    var start: String { after ?? "" }
    /// One row more than wanted tells whether there is a next page.
    var rowsRead: Int64 { Int64(size) + 1 }
}

/// Part of a list. Its place is kept by the last item's id, so that writes meanwhile neither repeat nor hide
/// items that were there all the time.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// Where the next page starts; nil when this is the last one.
    public let next: String?

    /// Makes a page out of items that are known to be all of it.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// Cuts the row that was read too many.
    init(rows: [Item], request: PageRequest, id: (Item) -> String) {
        let hasMore = rows.count > request.size
        items = hasMore ? Array(rows.prefix(request.size)) : rows
        next = hasMore ? items.last.map(id) : nil
    }
}
