// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
internal import FoundationEssentials

extension GitLabTracker {
    /// Knows `/PATH/-/issues/N`, `/PATH/-/work_items/N`, both forms of incidents, `/groups/G/-/work_items/N`,
    /// `/groups/G/-/epics/N`, the older `/PATH/issues/N`, and lists and boards that show an item beside them.
    public func key(at location: IssueLocation) -> String? {
        guard let dash = location.segments.firstIndex(of: "-") else { return oldKey(location.segments)?.text }
        guard let place = GitLabPlace(location.segments[..<dash]) else { return nil }
        let page = Array(location.segments[(dash + 1)...])
        return (key(of: place, page) ?? shownKey(place, page, location))?.text
    }

    public func issueURL(of key: String, baseURL: String) -> String? {
        guard let key = GitLabKey(key) else { return nil }
        let page = key.place.isGroup ? "work_items" : "issues"
        return "\(baseURL.withoutTrailingSlashes)/\(key.place.text)/-/\(page)/\(key.iid)"
    }

    /// The key in an address that GitLab itself wrote. Its host is not compared: the installation may know
    /// itself by another name than we do, and what counts is the grammar of the path.
    func key(inAddress address: String, of source: IntegrationSource) -> GitLabKey? {
        guard let url = try? PastedURL(address) else { return nil }
        var segments = url.segments[...]
        if let base = try? PastedURL(source.baseURL), segments.starts(with: base.segments) {
            segments = segments.dropFirst(base.segments.count)
        }
        return key(at: IssueLocation(segments: segments.filter { !$0.isEmpty })).flatMap { GitLabKey($0) }
    }

    private func key(of place: GitLabPlace, _ page: [String]) -> GitLabKey? {
        var rest = page[...]
        switch rest.popFirst() {
        case "issues" where !place.isGroup: if rest.first == "incident" { rest.removeFirst() }
        case "incidents" where !place.isGroup: break
        case "epics" where place.isGroup: break
        case "work_items": break
        default: return nil
        }
        return rest.first.flatMap { GitLabKey(place, iid: $0) }
    }

    /// `/PATH/issues/N`, as before version 13.
    private func oldKey(_ segments: [String]) -> GitLabKey? {
        var rest = segments[...]
        if rest.last == "designs" { rest.removeLast() }
        guard let iid = rest.popLast(), rest.popLast() == "issues", let place = GitLabPlace(rest),
            !place.isGroup
        else { return nil }
        return GitLabKey(place, iid: iid)
    }

    /// What `show` in a list's address holds, in base64.
    private struct ShownItem: Decodable {
        let iid: String
        let fullPath: String

        enum CodingKeys: String, CodingKey {
            case iid
            case fullPath = "full_path"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            let number = try fields.decode(Lenient<Int64>.self, forKey: .iid).value.map { String($0) }
            iid = try number ?? fields.decode(String.self, forKey: .iid)
            fullPath = try fields.decode(String.self, forKey: .fullPath)
        }
    }

    /// An item that a board or list shows beside itself. What a group's list shows may belong to any group
    /// or project below: only where it is certain which, it is taken.
    private func shownKey(_ place: GitLabPlace, _ page: [String], _ location: IssueLocation) -> GitLabKey? {
        guard let show = location.queryValue("show"), let data = Data(base64Encoded: show),
            let item = try? TrackerJSON.decode(
                ShownItem.self, from: TrackerResponse(status: 200, body: Array(data)))
        else { return nil }
        if place.isGroup, item.fullPath == place.path { return GitLabKey(place, iid: item.iid) }
        guard !place.isGroup || page.first == "boards", let project = GitLabPlace(item.fullPath),
            !project.isGroup
        else { return nil }
        return GitLabKey(project, iid: item.iid)
    }
}
